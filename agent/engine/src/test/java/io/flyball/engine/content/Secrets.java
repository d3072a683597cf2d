package io.flyball.engine.content;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes up secrets and personal data of every rule, and what only looks like some. */
final class Secrets {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
  private static final String DIGITS = "0123456789";
  private static final String CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String BASE64 = CAPITALS + LETTERS + DIGITS + "+/";
  private static final String[] GAPS = {
    " ", "\u00a0", "-", ".", "  ", "\u2009", "\u202f", "\n", "\r\n", "\u2011", " - ", "\t", "+",
    "%20", "&nbsp;"
  };

  /** What only stands between the groups of one number. */
  private static final String[] MARKED_GAPS = {
    "/",
    "*",
    "|",
    " / ",
    "**",
    "** **",
    "</b><b>",
    "</b> <b>",
    "<br>",
    " <span class=\"n\">",
    "&nbsp; ",
    "%C2%A0",
    "&#8209;",
    "` `"
  };

  /** What begins as some do, and is none. */
  private static final String[] LOOK_ALIKES = {
    "sess-2026-kickoff-meeting-notes",
    "sess-ionmanagementandmoreofthesame",
    "re_compile_pattern(buffer2)",
    "re_compile_fastmap_Version2",
    "ak-47 and oak-tree-12, as-is, as-built2026",
    "import sl.core.utils.HelperV2;",
    "key: value",
    "key-value-store: v2",
    "api: v1",
    "napi_create_string_utf8(env, 2)",
    "the EAAC 2026 conference",
    "oy2 and AKID",
    "llx- e2b_template dp.st.config dp.pt",
    "bot123:AB robot4711: ok",
    "docker run --user 1000:1000 -u node:node image",
    "sudo -u app:app ls",
    "curl -u $USER:$PASS https://example.org",
    "curl -fsSL https://example.org/x:1 -o a:b",
    "the machine learning login page and its password",
    "default login and password are listed",
    "$1$2 and $5$ or $6, $2 more, US$1$",
    "{SHA} and {SSHA} schemes",
    "pbkdf2_sha256 with 260000 rounds",
    "cookie: none",
    "Cookie: theme=dark; lang=en-US; sidebar=collapsed",
    "Set-Cookie: lang=de; Path=/; Max-Age=3600; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
    "cookies: {a: 1}, cookie = parse(header)",
    "the otpauth:// scheme",
    "the Private-Lines header",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "----- BEGIN CERTIFICATE -----\nMIIB\n----- END CERTIFICATE -----",
    "-- BEGIN\nselect 1;\n-- END",
    "begin private-key rotation",
    "{\"cells\":[4111,1111,1111,1111]}",
    "|4111|1111|1111|1111|",
    "<td>4111</td><td>1111</td><td>1111</td><td>1111</td>",
    "4111 + 1111 + 1111 + 1111",
    "4111/1111/1111/1111/2222",
    "+5 10/12/2026",
    "+2 2026/11/12",
    "kind: Secret is what it says",
    "apiVersion: v1\nkind: ConfigMap\ndata:\n  mode: production\n",
    "session_id: 550e8400-e29b-41d4-a716-446655440000",
    "method signature: int foo(int a1, long b2)",
    "/docs?signature=none&x=1",
    "SSWS is a scheme",
    "\"auth\":\"required\"",
    "auth: oauth2-client-credentials",
    "v1.0-beta-2 and 1000.20",
    "50%40 of jane%40",
    "PWD=/home/joe/projects/app",
    "OLDPWD=/tmp",
    "pwd: /var/lib/app",
    "PWD=C:\\Users\\joe",
    "Section 10.1.2.3",
    "x = +1234567890 - +12345678",
    "@@ -1 +12345678 @@",
    "password: required|min:8",
    "git clone git@github.com:acme/app.git",
    "at 12:30:45 on 00:1B:44:11:3A:B7",
    "std::string, a::b, dead::beef, x[1000::200], [::1]",
    "--password is asked for",
    "rzp_live_ and tskey-auth- are prefixes",
    "identified by 'x' and with password ''",
    "m0-abc, v2.local.example, 5Km",
    "setPassword(\"the new password\"), getPassword(\"user\")",
    "{\"name\":\"password\",\"label\":\"Your password\"}",
  };

  private final Random random;

  Secrets(Random random) {
    this.random = random;
  }

  /** Something that the rule has to find. */
  String of(RedactionRule rule) {
    if (rule.recogniser() == null) {
      for (; ; ) {
        String text = any(rule.shapes()).example(random);
        String value = values(rule, text).get(0);
        if (rule.accepts(value, 0, value.length())) {
          return text;
        }
      }
    }
    switch (rule.recogniser()) {
      case "private-key":
        return privateKey();
      case "authorization":
        return authorization();
      case "web-token":
        return webToken();
      case "url-credentials":
        return oneOf("postgres", "https", "redis", "amqp+ssl", "mongodb+srv")
            + "://"
            + oneOf("", "admin", "svc.user")
            + ':'
            + password()
            + oneOf("", "@", "/", "#")
            + word(3)
            + "@db.internal:5432/x";
      case "assigned":
        return assigned(rule);
      case "json-web-key":
        return jsonWebKey();
      case "command-line":
        return "curl "
            + oneOf("", "-X POST ", "-fsS \\\n  ", "-H \"A: b; c\" ")
            + oneOf("-u ", "--user ", "--user=", "-sSu ", "-u", "--proxy-user ")
            + word(4)
            + ':'
            + password()
            + " https://db.internal/x";
      case "wallet-key":
        return walletKey();
      case "cookie":
        return oneOf("Cookie: ", "Set-Cookie: ", "\"cookie\":\"", "--cookie \"", "cookie = '")
            + oneOf("", "theme=dark; ", "a=b;")
            + oneOf("session", "sid", "JSESSIONID", "connect.sid", "remember_me", "__Host-auth")
            + '='
            + some(8 + random.nextInt(40), LETTERS + CAPITALS + "%.")
            + "7x; Path=/; HttpOnly";
      case "kubernetes-secret":
        return kubernetesSecret();
      case "aws-secret":
        return "AKIA"
            + some(16, CAPITALS + DIGITS)
            + oneOf("\n", " / ", "\",\"s\":\"")
            + awsSecret();
      case "email":
        return email();
      case "iban":
        return iban(rule);
      case "card":
        return card(random.nextBoolean() ? MARKED_GAPS : GAPS);
      case "phone":
        return phone();
      case "ip6":
        return oneOf(
            String.format("2001:db8:%x::%x:7334", 256 + random.nextInt(60_000), random.nextInt(9)),
            String.format("fe80::%x:fe23:4567:890a", 256 + random.nextInt(60_000)),
            "2001:0db8:85a3:0000:0000:8a2e:0370:" + (1_000 + random.nextInt(9_000)));
      default:
        return (10 + random.nextInt(240))
            + "."
            + random.nextInt(256)
            + "."
            + random.nextInt(256)
            + "."
            + random.nextInt(256);
    }
  }

  /** What of it must not be seen; the rest may stay. */
  List<String> values(RedactionRule rule, String secret) {
    if (rule.recogniser() == null) {
      String small = secret.toLowerCase(Locale.ROOT);
      int[] match = new int[3];
      for (Shape shape : rule.shapes()) {
        int at = small.indexOf(shape.word());
        while (at >= 0) {
          if (shape.matches(secret, at, match)) {
            return Arrays.asList(secret.substring(match[0], match[1]));
          }
          at = small.indexOf(shape.word(), at + 1);
        }
      }
      throw new IllegalStateException(rule + ": " + secret);
    }
    switch (rule.recogniser()) {
      case "assigned":
        return all("([a-z]{3}7%![a-z]{4}|[a-z0-9]{30}7x)", secret);
      case "url-credentials":
        return Arrays.asList(secret.substring(secret.indexOf("://") + 3, secret.lastIndexOf('@')));
      case "aws-secret":
        return Arrays.asList(secret.substring(secret.length() - 40));
      case "private-key":
        return Arrays.asList(secret.replaceAll("^Private-Lines: [0-9]+\\s+", ""));
      case "json-web-key":
        return all("\"(?:d|p|q|dp|dq|qi|k)\" ?: ?\"([^\"]+)", secret);
      case "command-line":
        return all("([a-z]{4}:[^\\s\"]*7%!\\w*)", secret);
      case "cookie":
        return all("=([^;= ']+7x);", secret);
      case "kubernetes-secret":
        return all("x-[a-z]+\"?: ?\"?([^\\s\",}]{8,})", secret);
      default:
        return Arrays.asList(secret);
    }
  }

  private static List<String> all(String pattern, String secret) {
    List<String> all = new ArrayList<>();
    for (Matcher each = Pattern.compile(pattern).matcher(secret); each.find(); ) {
      all.add(each.group(1));
    }
    if (all.isEmpty()) {
      throw new IllegalStateException(secret);
    }
    return all;
  }

  private String privateKey() {
    int lines = 1 + random.nextInt(30);
    StringBuilder base64 = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      base64.append(some(64, BASE64)).append('\n');
    }
    if (random.nextInt(4) == 0) {
      return "Private-Lines: " + lines + "\n" + base64;
    }
    String label =
        oneOf(
            "PRIVATE KEY",
            "RSA PRIVATE KEY",
            "OPENSSH PRIVATE KEY",
            "PGP PRIVATE KEY BLOCK",
            "SSH2 ENCRYPTED PRIVATE KEY");
    String dashes = oneOf("-----", "-----", "----", "---", "\u2014\u2013");
    String blank = oneOf("", "", " ");
    return dashes + blank + "BEGIN " + label + blank + dashes + "\n" + base64 + dashes + blank
        + "END " + label + blank + dashes;
  }

  private String jsonWebKey() {
    String url = LETTERS + CAPITALS + DIGITS + "-_";
    String sign = oneOf("\":\"", "\": \"");
    String type = "\"kty" + sign + oneOf("RSA", "EC", "oct", "OKP") + "\"";
    StringBuilder members = new StringBuilder();
    for (String name : new String[] {"n", "d", "p", "qi", "k"}) {
      int length = 43 + random.nextInt(300);
      members.append(",\"").append(name).append(sign).append(some(length, url)).append("7\"");
    }
    return random.nextBoolean()
        ? "{" + type + members + "}"
        : "{" + members.substring(1) + "," + type + ",\"e\":\"AQAB\"}";
  }

  /** In the import format of a compressed key. */
  private String walletKey() {
    byte[] key = new byte[34];
    random.nextBytes(key);
    key[0] = (byte) 0x80;
    key[33] = 1;
    byte[] whole = Arrays.copyOf(key, 38);
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      System.arraycopy(sha256.digest(sha256.digest(key)), 0, whole, 34, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    String signs = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    StringBuilder out = new StringBuilder();
    for (BigInteger rest = new BigInteger(1, whole);
        rest.signum() > 0;
        rest = rest.divide(BigInteger.valueOf(58))) {
      out.append(signs.charAt(rest.mod(BigInteger.valueOf(58)).intValue()));
    }
    return out.reverse().toString();
  }

  private String kubernetesSecret() {
    String value = base64(word(5) + random.nextInt(100) + word(4), Base64.getEncoder());
    String more = base64(password(), Base64.getEncoder());
    String plain = password();
    return oneOf(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  x-a: "
            + value
            + "\n  x-b: \""
            + more
            + "\"\ntype: Opaque\n",
        "apiVersion: v1\ndata:\n  x-a: " + value + "\n\nkind: Secret\nmetadata:\n  name: db\n",
        "kind: Secret\nstringData:\n  x-a: " + plain + "\n  x-b: '" + plain + "'\nx: 1\n",
        "{\"kind\":\"Secret\",\"data\":{\"x-a\":\"" + value + "\",\"x-b\":\"" + more + "\"}}",
        "{\"data\": {\"x-a\": \"" + value + "\"}, \"kind\": \"Secret\"}");
  }

  private String authorization() {
    if (random.nextBoolean()) {
      String pair = word(4) + ":" + password();
      return oneOf("Basic ", "basic  ", "BASIC\t") + base64(pair, Base64.getEncoder());
    }
    return oneOf("Bearer ", "bearer ", "BEARER\u00a0") + some(20, BASE64) + "7" + oneOf("", "==");
  }

  private String webToken() {
    String head =
        oneOf("{", "{ ", "{\n  ", " {", "{\r\n\t")
            + oneOf("\"alg\":\"RS256\"", "\"typ\" : \"JWT\"", "\"kid\":\"1\",\"alg\":\"none\"")
            + oneOf("}", " }", "\n}");
    Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
    return base64(head, url)
        + '.'
        + base64("{\"sub\":\"" + word(8) + "\"}", url)
        + '.'
        + some(43, BASE64).replace('+', '-').replace('/', '_');
  }

  private String assigned(RedactionRule rule) {
    String name = any(rule.words());
    name = random.nextBoolean() ? name.toUpperCase(Locale.ROOT) : name;
    String value = rule.rows().contains("strong") ? some(30, LETTERS + DIGITS) + "7x" : password();
    String[] forms = {
      "x.%s(\"%s\")",
      "[\"%s\"] = \"%s\"",
      "\"%s\",\"value\":\"%s\"",
      "key=\"%s\" value=\"%s\"",
      "- name: %s\n  value: \"%s\"",
      "\"%s\" {\n  default = \"%s\"",
      "%s=%s;",
      "\"%s\":\"%s\"",
      "'%s' => '%s'",
      "%s = \"%s\"",
      "&%s=%s&"
    };
    String form = forms[random.nextInt(forms.length)];
    return String.format(form, name, value);
  }

  private String email() {
    String name =
        oneOf(word(5), "jane.doe+" + word(3), "o'" + word(4), "j\u00fcrgen", "\u5f20\u4e09")
            + random.nextInt(100);
    String quoted = "\"" + word(4) + " " + word(4) + "\"";
    String domain =
        oneOf(
            "example.org",
            "mail." + word(6) + ".co.uk",
            "b\u00fccher.example",
            "xn--bcher-kva.example",
            "\u4f8b\u5b50.\u516c\u53f8",
            "example.xn--p1ai",
            "\u043f\u043e\u0447\u0442\u0430.\u0440\u0444");
    if (random.nextInt(6) == 0) {
      return escaped(word(6) + oneOf("", "+" + word(2)) + "@" + word(5) + ".example.org");
    }
    return (random.nextInt(5) == 0 ? quoted : name)
        + oneOf("@", "@", "@", "%40", "&#x40;", "&commat;")
        + domain;
  }

  /** As in a URL: what has to be, the points too, or all of it. */
  private String escaped(String text) {
    String kept = oneOf("[^+@]", "[a-z]", "[^\\x00-\\xff]", "[a-m]");
    StringBuilder out = new StringBuilder();
    for (char c : text.toCharArray()) {
      out.append(String.valueOf(c).matches(kept) ? "" + c : String.format("%%%02X", (int) c));
    }
    return out.toString();
  }

  private String iban(RedactionRule rule) {
    String row = any(rule.rows());
    for (; ; ) {
      StringBuilder account = new StringBuilder();
      int at = 3;
      while (at < row.length()) {
        char kind = row.charAt(at++);
        int count = 0;
        while (at < row.length() && Character.isDigit(row.charAt(at))) {
          count = count * 10 + row.charAt(at++) - '0';
        }
        String of = kind == 'n' ? DIGITS : kind == 'a' ? CAPITALS : DIGITS + DIGITS + CAPITALS;
        account.append(some(count, of));
      }
      if (account.chars().filter(Character::isDigit).count() < 6) {
        continue;
      }
      String country = row.substring(0, 2);
      StringBuilder number = new StringBuilder();
      for (char c : (account + country + "00").toCharArray()) {
        number.append(Character.digit(c, 36));
      }
      int check = 98 - new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue();
      String plain = country + (check < 10 ? "0" : "") + check + account;
      plain = random.nextInt(3) == 0 ? plain.toLowerCase(Locale.ROOT) : plain;
      String gap = oneOf("", " ", "-", "\u00a0", "  ", "\n", ".", "/", "&nbsp;", "</b> <b>", "|");
      return inGroups(plain, gap, 4);
    }
  }

  /** With no signs between the groups that also stand between numbers. */
  String plainCard() {
    return card(GAPS);
  }

  private String card(String[] gaps) {
    String[] issuers = {"4", "51", "55", "2221", "2720", "6011", "65", "3528", "62", "34", "37"};
    String issuer = any(issuers);
    int length = issuer.startsWith("34") || issuer.startsWith("37") ? 15 : 16;
    StringBuilder digits = new StringBuilder(issuer + some(length - 1 - issuer.length(), DIGITS));
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int weighted = i % 2 == 0 ? digit * 2 : digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    digits.append((10 - sum % 10) % 10);
    String gap = random.nextInt(4) == 0 ? "" : any(gaps);
    if (length == 15) {
      return digits.substring(0, 4) + gap + digits.substring(4, 10) + gap + digits.substring(10);
    }
    return inGroups(digits.toString(), gap, 4);
  }

  private String phone() {
    return random.nextBoolean()
        ? "+"
            + (1 + random.nextInt(9))
            + some(1, DIGITS)
            + oneOf(" ", "-", " (0)", " (0) ", "/")
            + some(3, DIGITS)
            + oneOf(" ", "-", ".", "/", " / ")
            + some(6, DIGITS)
        : "(" + (2 + random.nextInt(8)) + some(2, DIGITS) + ") 555-0" + some(3, DIGITS);
  }

  /** Between a secret and its neighbours, none of which may be part of it. */
  String surroundings() {
    return oneOf(" ", "\n", ", ", "\"", "(", "<", "\t", " / ", "\u00a0", ": ");
  }

  /** What looks like a secret to the careless and is none. */
  String harmless() {
    String hex = some(64, DIGITS + "abcdef");
    switch (random.nextInt(43)) {
      case 0:
        return new UUID(random.nextLong(), random.nextLong()).toString();
      case 1:
        return hex.substring(0, any(new Integer[] {7, 32, 40, 64}));
      case 2:
        return hex.toUpperCase(Locale.ROOT);
      case 3:
        return "data:image/png;base64,iVBORw0KGgo" + some(200 + random.nextInt(400), BASE64) + "==";
      case 4:
        return "ORD-20" + some(2, DIGITS) + "-" + some(8, DIGITS);
      case 5:
        return "978-"
            + random.nextInt(10)
            + "-"
            + some(3, DIGITS)
            + "-"
            + some(5, DIGITS)
            + "-"
            + random.nextInt(10);
      case 6:
        return "2026-11-" + (10 + random.nextInt(20)) + "T0" + random.nextInt(10) + ":15:00.123Z";
      case 7:
        return "17" + some(oneOf(8, 11, 14, 17), DIGITS);
      case 8:
        return "v"
            + random.nextInt(30)
            + "."
            + some(2, DIGITS)
            + "."
            + random.nextInt(99)
            + "-rc.1";
      case 9:
        return "version "
            + random.nextInt(30)
            + "."
            + random.nextInt(99)
            + ".11."
            + random.nextInt(9);
      case 10:
        return "0." + some(16, DIGITS);
      case 11:
        return "-" + some(1, DIGITS) + "." + some(17, DIGITS) + "e-05";
      case 12:
        return luhnBroken();
      case 13:
        return "Chrome/1" + some(2, DIGITS) + ".0." + some(4, DIGITS) + "." + some(2, DIGITS);
      case 14:
        return "00-" + hex.substring(0, 32) + "-" + hex.substring(32, 48) + "-01";
      case 15:
        return "tracking 1" + some(2, DIGITS) + "-" + some(3, DIGITS) + "-" + some(4, DIGITS);
      case 16:
        return oneOf("the bearer instruments", "a basic understanding", "token budget: large");
      case 17:
        return "https://example.org:8443/a/" + word(5) + "?q=" + word(4) + ":" + word(3);
      case 18:
        return "com.example." + word(4) + "." + word(6) + "#" + word(4);
      case 19:
        return "sha256:" + hex;
      case 20:
        return "\"max_tokens\":" + some(4, DIGITS) + ",\"password\":{\"type\":\"string\"}";
      case 21:
        return "{\"kty\":\"RSA\",\"n\":\"" + some(342, LETTERS + CAPITALS) + "\",\"e\":\"AQAB\"}";
      case 22:
        return "[4" + some(3, DIGITS) + "," + some(4, DIGITS) + ",4200," + some(4, DIGITS) + "]";
      case 23:
        return "4" + some(3, DIGITS) + ",5100,4200," + some(4, DIGITS) + "\n4000,1,2,3";
      case 24:
      case 25:
      case 26:
      case 27:
      case 28:
      case 29:
      case 30:
      case 31:
      case 32:
        return any(LOOK_ALIKES);
      case 33:
        return "GPS +" + degrees(2) + some(6, DIGITS) + ", +" + degrees(2) + some(6, DIGITS);
      case 34:
        return "+" + degrees(2) + some(2, DIGITS) + "-" + degrees(3) + some(2, DIGITS) + "/";
      case 35:
        return hexName() + "::" + hexName() + oneOf("::", ":") + hexName();
      case 36:
        return String.join(
            ":", Collections.nCopies(4, hexName() + ":" + some(4, DIGITS).replace('2', '9')));
      case 37:
        return oneOf("password", "passwd", "api_key", "apiKey", "SECRET_KEY", "token")
            + oneOf("=", " = ", ": ")
            + oneOf("self.", "config.db.", "process.env.", "settings.", "this.x.")
            + word(6)
            + oneOf("", "_1", "_key2");
      case 38:
        return oneOf("password=user.password", "secret_key = vault.secret_key_2")
            + oneOf("", "_hash", "_1");
      case 39:
        return "password = os.environ[\"" + word(4).toUpperCase(Locale.ROOT) + "_PASSWORD\"]";
      case 40:
        return "app_key: com.example." + word(4) + random.nextInt(10);
      case 41:
        return oneOf("pa-", "r8_x_") + inGroups(some(40, LETTERS), oneOf("-", "_"), 5) + "-A1";
      default:
        return "@" + word(5) + "/" + word(4) + "@1.2." + random.nextInt(9);
    }
  }

  private String degrees(int digits) {
    return (1 + random.nextInt(8)) + some(digits - 1, DIGITS) + ".";
  }

  /** No address begins so. */
  private String hexName() {
    return some(1, "abcde") + some(1, DIGITS) + some(1, "abcdef");
  }

  private String luhnBroken() {
    String right = "4" + some(14, DIGITS);
    for (char last = '0'; ; last++) {
      int[] digits = (right + last).chars().map(c -> c - '0').toArray();
      if (!Checksums.passesLuhn(digits, 16) && last % 3 == 1) {
        return inGroups(right + last, oneOf("", " ", "-"), 4);
      }
    }
  }

  private String inGroups(String text, String gap, int size) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      out.append(i > 0 && i % size == 0 ? gap : "").append(text.charAt(i));
    }
    return out.toString();
  }

  private String password() {
    return word(3) + "7%!" + word(4);
  }

  private String awsSecret() {
    return "wJ" + some(37, BASE64) + "Z";
  }

  private String word(int length) {
    return some(length, LETTERS);
  }

  private String some(int length, String of) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(of.charAt(random.nextInt(of.length())));
    }
    return text.toString();
  }

  private static String base64(String text, Base64.Encoder encoder) {
    return encoder.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @SafeVarargs
  private final <T> T oneOf(T... all) {
    return any(all);
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private <T> T any(T[] all) {
    return all[random.nextInt(all.length)];
  }
}
