/** Spending and conversations that are not as they used to be, and holding them back. */
package io.flyball.engine.anomaly;
