package io.flyball.engine.budget;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** What a budget counts. Amounts are whole numbers of the unit's smallest part. */
public enum BudgetUnit {
  /** US dollars, in millionths of a millionth: no price is finer. */
  USD(12),
  TOKENS(0),
  CALLS(0);

  private final int decimals;

  BudgetUnit(int decimals) {
    this.decimals = decimals;
  }

  /** The amount in smallest parts, rounded up; {@link Long#MAX_VALUE} when it does not fit. */
  public long parts(BigDecimal amount) {
    BigInteger parts =
        amount.movePointRight(decimals).setScale(0, RoundingMode.CEILING).unscaledValue();
    return parts.bitLength() < Long.SIZE ? parts.longValue() : Long.MAX_VALUE;
  }

  /** What so many smallest parts are. */
  public BigDecimal amount(long parts) {
    return BigDecimal.valueOf(parts, decimals);
  }

  /** For people: {@code $12.50}, {@code 3000 tokens}, {@code 1 call}. */
  public String inWords(long parts) {
    BigDecimal amount = amount(parts).stripTrailingZeros();
    if (this == USD) {
      return '$' + (amount.scale() < 2 ? amount.setScale(2) : amount).toPlainString();
    }
    String one = this == TOKENS ? " token" : " call";
    return amount.toPlainString() + (parts == 1 ? one : one + 's');
  }
}
