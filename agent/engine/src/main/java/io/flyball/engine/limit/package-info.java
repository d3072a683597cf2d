/** How many calls, requests and tokens are let through, and how calls wait for their turn. */
package io.flyball.engine.limit;
