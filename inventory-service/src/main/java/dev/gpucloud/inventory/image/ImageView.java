package dev.gpucloud.inventory.image;

/**
 * One version of an image. {@code id} names this version, {@code family} the newest ACTIVE one of
 * its kind. DEPRECATED ones can be asked for by id alone, WITHDRAWN ones not at all.
 */
public record ImageView(
    String id,
    String family,
    String version,
    String description,
    String loginUser,
    String state,
    boolean preferred) {

  static ImageView of(ImageEntity i) {
    return new ImageView(
        i.family + ":" + i.version,
        i.family,
        i.version,
        i.description,
        i.loginUser,
        i.state,
        i.preferred);
  }
}
