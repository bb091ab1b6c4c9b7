package dev.gpucloud.contracts.id;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.UUID;

/** Source of new ids: UUIDv7, which sort by creation time and so keep database indexes dense. */
public final class Ids {
  private static final TimeBasedEpochGenerator GENERATOR = Generators.timeBasedEpochGenerator();

  private Ids() {}

  /** A new UUIDv7, unique and ascending within this process. */
  public static UUID next() {
    return GENERATOR.generate();
  }
}
