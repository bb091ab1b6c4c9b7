package dev.gpucloud.inventory.image;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** One version of an image. */
@Entity
@IdClass(ImageEntity.Key.class)
@Table(name = "image")
public class ImageEntity {
  @Id String family;
  @Id String version;
  String description;
  String loginUser;
  String state;
  boolean preferred;
  long rowVersion;

  protected ImageEntity() {}

  /** Family and version. */
  public record Key(String family, String version) {}
}
