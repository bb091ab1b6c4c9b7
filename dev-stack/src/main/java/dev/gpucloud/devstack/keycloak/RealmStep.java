package dev.gpucloud.devstack.keycloak;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What a start has to do about the realm, told from the mark that the last one left. */
enum RealmStep {
  /** There is none yet: Keycloak imports the file as it starts. */
  IMPORT,
  /** Another file made it, perhaps an earlier version's: what it lacks is added. */
  UPDATE,
  /** The file has not changed since. */
  NOTHING;

  /** The mark is null before the first import, and empty when an earlier version left it. */
  static RealmStep of(@Nullable String mark, String file) {
    if (mark == null) {
      return IMPORT;
    }
    return mark.equals(markOf(file)) ? NOTHING : UPDATE;
  }

  /** What to leave behind when the realm is as the file wants it. */
  static String markOf(String file) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(file.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
