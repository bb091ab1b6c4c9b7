package dev.gpucloud.inventory.placement.engine;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * How the GPUs of a model divide. A GPU is one byte of a host's mask whatever the model: a model
 * with 8 memory slices uses a bit for each, one with 4 uses two. All answers come from tables over
 * the 256 possible bytes.
 */
public final class GpuGeometry {
  /** Bits of a host mask that belong to one GPU. */
  public static final int BITS_PER_GPU = 8;

  private static final Pattern PROFILE = Pattern.compile("([1-9])g\\.([1-9][0-9]{0,3})gb");

  private final int memorySlices;
  private final Map<String, ProfileTable> tables;

  private GpuGeometry(int memorySlices, Map<String, MigProfile> profiles) {
    this.memorySlices = memorySlices;
    int[] worth = worthTable(profiles.values());
    this.tables = new LinkedHashMap<>();
    profiles.forEach(
        (name, profile) -> tables.put(name, ProfileTable.of(tables.size(), profile, worth)));
  }

  /**
   * Reads the geometry from what a catalogue says of a model.
   *
   * @param memorySlices 8 (data-centre GPUs with 7 compute slices) or 4 (RTX PRO 6000)
   * @param profileNames such as {@code 3g.90gb}; the largest one names the whole memory
   * @throws IllegalArgumentException when a profile is not one of the model's family
   */
  public static GpuGeometry of(int memorySlices, List<String> profileNames) {
    if (memorySlices != 8 && memorySlices != 4) {
      throw new IllegalArgumentException("a GPU has 8 or 4 memory slices, not " + memorySlices);
    }
    int wholeGib = profileNames.stream().mapToInt(name -> parse(name)[1]).max().orElse(1);
    Map<String, MigProfile> profiles = new LinkedHashMap<>();
    for (String name : profileNames) {
      int[] parsed = parse(name);
      int slices = Math.max(1, Math.round((float) parsed[1] * memorySlices / wholeGib));
      profiles.put(name, profile(name, memorySlices, slices, parsed[0]));
    }
    return new GpuGeometry(memorySlices, profiles);
  }

  private static int[] parse(String name) {
    Matcher matcher = PROFILE.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + name + "' is not a profile like 3g.90gb");
    }
    return new int[] {Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))};
  }

  private static MigProfile profile(String name, int of, int slices, int compute) {
    List<Integer> starts =
        switch (of + ":" + slices + ":" + compute) {
          case "8:1:1" -> List.of(0, 1, 2, 3, 4, 5, 6);
          case "8:2:1" -> List.of(0, 2, 4, 6);
          case "8:2:2" -> List.of(0, 2, 4);
          case "8:4:3" -> List.of(0, 4);
          case "8:4:4", "8:8:7", "4:4:4" -> List.of(0);
          case "4:1:1" -> List.of(0, 1, 2, 3);
          case "4:2:2" -> List.of(0, 2);
          default ->
              throw new IllegalArgumentException(
                  "'%s' is not a profile of a GPU with %d memory slices".formatted(name, of));
        };
    return new MigProfile(name, slices, compute, starts, BITS_PER_GPU / of);
  }

  /** For every byte of free bits: how much could still be placed there, over all profiles. */
  private static int[] worthTable(Iterable<MigProfile> profiles) {
    int[] worth = new int[256];
    for (int free = 0; free < 256; free++) {
      for (MigProfile profile : profiles) {
        int width = profile.memorySlices();
        for (int start : profile.starts()) {
          int mask = ((1 << width) - 1) << start;
          if ((free & mask) == mask) {
            worth[free] += width;
          }
        }
      }
    }
    return worth;
  }

  public int memorySlices() {
    return memorySlices;
  }

  public List<MigProfile> profiles() {
    return tables.values().stream().map(ProfileTable::profile).toList();
  }

  public Optional<MigProfile> profile(String name) {
    return Optional.ofNullable(tables.get(name)).map(ProfileTable::profile);
  }

  ProfileTable table(MigProfile profile) {
    ProfileTable table = tables.get(profile.name());
    if (table == null || table.profile() != profile && !table.profile().equals(profile)) {
      throw new IllegalArgumentException("profile " + profile.name() + " is of another model");
    }
    return table;
  }

  List<ProfileTable> tables() {
    return List.copyOf(tables.values());
  }

  /**
   * The bits a profile takes in a GPU's byte, by free byte: where it goes ({@code pick}, 0 = does
   * not fit), and how many more of it fit in all ({@code count}).
   */
  record ProfileTable(int index, MigProfile profile, int[] masks, byte[] pick, byte[] count) {
    static ProfileTable of(int index, MigProfile profile, int[] worth) {
      int bitsPerSlice = profile.bitsPerSlice();
      int width = profile.bits();
      int[] masks =
          profile.starts().stream()
              .mapToInt(start -> ((1 << width) - 1) << (start * bitsPerSlice))
              .toArray();
      byte[] pick = new byte[256];
      byte[] count = new byte[256];
      for (int free = 0; free < 256; free++) {
        pick[free] = (byte) bestOf(masks, free, worth, bitsPerSlice);
        count[free] = (byte) most(masks, free);
      }
      return new ProfileTable(index, profile, masks, pick, count);
    }

    /** Takes the position that leaves most for others; of equals the highest. */
    private static int bestOf(int[] masks, int free, int[] worth, int bitsPerSlice) {
      int best = 0;
      int bestWorth = -1;
      for (int mask : masks) {
        if ((free & mask) == mask) {
          int left = worth[slices(free & ~mask, bitsPerSlice)];
          if (left >= bestWorth) {
            best = mask;
            bestWorth = left;
          }
        }
      }
      return best;
    }

    private static int slices(int bits, int bitsPerSlice) {
      if (bitsPerSlice == 1) {
        return bits;
      }
      return IntStream.range(0, BITS_PER_GPU / bitsPerSlice)
          .filter(i -> (bits >> (i * bitsPerSlice) & 1) == 1)
          .map(i -> 1 << i)
          .sum();
    }

    private static int most(int[] masks, int free) {
      return Arrays.stream(masks)
          .filter(mask -> (free & mask) == mask)
          .map(mask -> 1 + most(masks, free & ~mask))
          .max()
          .orElse(0);
    }

    int pick(int freeByte) {
      return pick[freeByte] & 0xFF;
    }

    int count(int freeByte) {
      return count[freeByte];
    }
  }
}
