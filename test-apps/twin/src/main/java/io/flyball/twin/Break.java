package io.flyball.twin;

/**
 * The law does not hold for a call.
 *
 * @param kind the same for breaks that are likely one fault
 * @param detail what is different
 */
record Break(int call, String kind, String detail) {}
