package dev.gpucloud.tenant.catalogue;

/**
 * A name in a request that something of the fleet must have.
 *
 * @param pointer where it stands: a JSON pointer or a parameter's name
 */
public record Named(Kind kind, String name, String pointer) {
  /** What bears names. */
  public enum Kind {
    MODEL("GPU model"),
    SITE("site");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  public static Named model(String name, String pointer) {
    return new Named(Kind.MODEL, name, pointer);
  }

  public static Named site(String name, String pointer) {
    return new Named(Kind.SITE, name, pointer);
  }
}
