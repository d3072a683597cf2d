/** Which HTTP clients the application has, and what goes past Flyball through them. */
package io.flyball.engine.client;
