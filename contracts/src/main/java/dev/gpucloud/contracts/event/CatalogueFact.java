package dev.gpucloud.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;

/**
 * The GPU models and sites that there are, all of them and in order, on {@code Topics.CATALOGUE};
 * the newest fact replaces the one before.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CatalogueFact(List<String> gpuModels, List<String> sites, Instant at) {
  /** Its one key on the topic. */
  public static final String KEY = "catalogue";

  public CatalogueFact {
    gpuModels = List.copyOf(gpuModels);
    sites = List.copyOf(sites);
  }
}
