/** What JVMs share through Redis: parts of budgets, and what they hear of targets that fail. */
package io.flyball.engine.fleet;
