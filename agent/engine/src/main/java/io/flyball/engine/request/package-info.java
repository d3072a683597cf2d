/** What one call may be at most. */
package io.flyball.engine.request;
