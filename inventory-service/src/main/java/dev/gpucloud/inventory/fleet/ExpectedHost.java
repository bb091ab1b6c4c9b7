package dev.gpucloud.inventory.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/** A host that the vendor announced by its serial; what is not given follows from its place. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExpectedHost(
    @NotNull(message = "must be given") @Pattern(regexp = LABEL, message = RULE) String serial,
    @Nullable @Pattern(regexp = LABEL, message = RULE) String name,
    @Nullable @Pattern(regexp = LABEL, message = RULE) String rack,
    @Nullable @Pattern(regexp = LABEL, message = RULE) String fabric) {
  private static final String LABEL = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final String RULE =
      "must be 1 to 64 letters, digits, dots, underscores or hyphens";
}
