/** What calls cost: the price catalogue as data, and the pricing of records. */
package io.flyball.engine.price;
