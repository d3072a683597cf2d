/** What a policy and the fleet say to each other of amounts that several JVMs have together. */
package io.flyball.engine.share;
