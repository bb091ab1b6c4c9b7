package dev.gpucloud.inventory.volume;

import dev.gpucloud.inventory.instance.InstanceSetup.NewVolume;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A data volume that is made with an instance; it stays when the instance is deleted. */
public record NewVolumeRequest(
    @Schema(examples = "scratch") @NotNull @Pattern(regexp = NAME, message = NAME_RULE) String name,
    @Schema(examples = "500")
        @NotNull(message = "must be 1 to 65536")
        @Min(value = 1, message = "must be 1 to 65536")
        @Max(value = 65536, message = "must be 1 to 65536")
        Integer sizeGib,
    @Nullable Boolean deleteOnTermination) {
  static final String NAME = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?";
  static final String NAME_RULE =
      "must be 1 to 63 lowercase letters, digits or hyphens, begin with a letter and not end with a"
          + " hyphen";

  /** As it is to be made. */
  public NewVolume volume() {
    return new NewVolume(name, sizeGib, false, Boolean.TRUE.equals(deleteOnTermination));
  }
}
