package io.flyball.engine.content;

/** The recognisers by the names that {@code redaction-rules.txt} calls them by. */
final class Recognisers {
  private Recognisers() {}

  /**
   * @throws IllegalArgumentException when there is none of the rule's name
   */
  static Recogniser of(RedactionRule rule) {
    switch (rule.recogniser()) {
      case "private-key":
        return new PrivateKeys(rule);
      case "json-web-key":
        return new JsonWebKeys(rule);
      case "kubernetes-secret":
        return new KubernetesSecrets(rule);
      case "cookie":
        return new Cookies(rule);
      case "command-line":
        return new CommandLines(rule);
      case "authorization":
        return new Authorization(rule);
      case "web-token":
        return new WebTokens(rule);
      case "url-credentials":
        return new UrlCredentials(rule);
      case "wallet-key":
        return new WalletKeys(rule);
      case "assigned":
        return new AssignedSecrets(rule);
      case "aws-secret":
        return new AwsSecrets(rule);
      case "email":
        return new EmailAddresses(rule);
      case "iban":
        return new Ibans(rule);
      case "card":
        return new CardNumbers(rule);
      case "phone":
        return new PhoneNumbers(rule);
      case "ip6":
        return new Ip6Addresses(rule);
      case "ip":
        return new IpAddresses(rule);
      default:
        throw new IllegalArgumentException("no recogniser " + rule.recogniser());
    }
  }

  /** One shape of a rule as a recogniser. */
  static Recogniser of(RedactionRule rule, Shape shape) {
    return (text, start, end, found) -> {
      int[] match = new int[3];
      if (!shape.matches(text, start, match)) {
        return start;
      }
      if (rule.accepts(text, match[0], match[1])) {
        found.add(match[0], match[1], rule);
      }
      // No part of what was refused has what the whole has not.
      return match[2];
    };
  }
}
