/** What can be left out of a request that is too long. Pure functions over its bytes. */
package io.flyball.protocol.trim;
