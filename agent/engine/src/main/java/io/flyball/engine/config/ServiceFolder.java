package io.flyball.engine.config;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The name of the folder that a service's durable state is in. Accounts are kept there, so two
 * services never have the same one; and accounts outlive versions, so a name that may be one of a
 * file is its own folder, always.
 */
final class ServiceFolder {
  /** What file systems take. */
  private static final int LONGEST = 255;

  /** For who looks for it; the hash says which it is. */
  private static final int SHOWN = 60;

  private static final int HASH_BYTES = 8;

  private ServiceFolder() {}

  static String name(String service) {
    String plain = service.replaceAll("[^A-Za-z0-9._-]", "_");
    boolean isName = !plain.replace(".", "").isEmpty() && plain.length() <= LONGEST;
    if (isName && plain.equals(service)) {
      return service;
    }
    // A tilde is in no name that is its own folder.
    return plain.substring(0, Math.min(plain.length(), SHOWN)) + '~' + hash(service);
  }

  private static String hash(String service) {
    // Char by char: any encoding would say the same of all halves of characters.
    ByteBuffer chars = ByteBuffer.allocate(2 * service.length());
    for (int i = 0; i < service.length(); i++) {
      chars.putChar(service.charAt(i));
    }
    byte[] hash;
    try {
      hash = MessageDigest.getInstance("SHA-256").digest(chars.array());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < HASH_BYTES; i++) {
      text.append(String.format("%02x", hash[i]));
    }
    return text.toString();
  }
}
