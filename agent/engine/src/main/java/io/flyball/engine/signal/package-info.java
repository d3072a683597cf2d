/** What the run of calls tells beyond each of them. */
package io.flyball.engine.signal;
