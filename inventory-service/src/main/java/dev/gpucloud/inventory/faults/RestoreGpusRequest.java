package dev.gpucloud.inventory.faults;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** GPUs of a host, by position from 0, that may take instances again. */
@Schema(
    examples =
        """
        {"gpus": [3], "reason": "The GPU was replaced and passed burn-in."}""")
public record RestoreGpusRequest(
    @NotNull(message = "GPUs are required") @Size(min = 1, max = 8, message = "1 to 8 GPUs")
        List<
                @NotNull(message = "must be from 0 to 7")
                @Min(value = 0, message = "must be from 0 to 7")
                @Max(value = 7, message = "must be from 0 to 7") Integer>
            gpus,
    @NotBlank(message = "a reason is required") @Size(max = 500, message = "at most 500 characters")
        String reason) {

  long mask() {
    return gpus.stream().mapToLong(gpu -> 255L << 8 * gpu).reduce(0, (a, b) -> a | b);
  }
}
