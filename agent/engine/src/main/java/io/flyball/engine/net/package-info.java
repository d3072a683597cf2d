/** Connections of our own, which end in time whatever the other side does. */
package io.flyball.engine.net;
