package dev.gpucloud.inventory.placement.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuGeometryTest {
  private static final List<String> B200 =
      List.of("1g.23gb", "1g.45gb", "2g.45gb", "3g.90gb", "4g.90gb", "7g.180gb");

  @ParameterizedTest
  @CsvSource({
    "1g.23gb,1,1,0 1 2 3 4 5 6",
    "1g.45gb,2,1,0 2 4 6",
    "2g.45gb,2,2,0 2 4",
    "3g.90gb,4,3,0 4",
    "4g.90gb,4,4,0",
    "7g.180gb,8,7,0"
  })
  void knowsWhereProfilesOfAnEightSliceGpuMayStart(
      String name, int memory, int compute, String starts) {
    MigProfile profile = GpuGeometry.of(8, B200).profile(name).orElseThrow();

    assertThat(profile.memorySlices()).isEqualTo(memory);
    assertThat(profile.computeSlices()).isEqualTo(compute);
    assertThat(profile.starts()).isEqualTo(numbers(starts));
    assertThat(profile.bits()).isEqualTo(memory);
  }

  @ParameterizedTest
  @CsvSource({"1g.24gb,1,0 1 2 3,2", "2g.48gb,2,0 2,4", "4g.96gb,4,0,8"})
  void usesTwoBitsForEachSliceOfAFourSliceGpu(String name, int memory, String starts, int bits) {
    MigProfile profile =
        GpuGeometry.of(4, List.of("1g.24gb", "2g.48gb", "4g.96gb")).profile(name).orElseThrow();

    assertThat(profile.memorySlices()).isEqualTo(memory);
    assertThat(profile.starts()).isEqualTo(numbers(starts));
    assertThat(profile.bits()).isEqualTo(bits);
  }

  @ParameterizedTest
  @CsvSource({
    "1g.23gb 1g.47gb 2g.47gb 3g.93gb 4g.93gb 7g.186gb",
    "1g.18gb 1g.35gb 2g.35gb 3g.71gb 4g.71gb 7g.141gb",
    "1g.10gb 1g.20gb 2g.20gb 3g.40gb 4g.40gb 7g.80gb"
  })
  void readsTheSameGeometryFromEveryModelOfTheFamily(String names) {
    List<MigProfile> profiles = GpuGeometry.of(8, List.of(names.split(" "))).profiles();

    assertThat(profiles).extracting(MigProfile::memorySlices).containsExactly(1, 2, 2, 4, 4, 8);
    assertThat(profiles).extracting(MigProfile::computeSlices).containsExactly(1, 1, 2, 3, 4, 7);
  }

  @Test
  void refusesAProfileThatTheFamilyLacks() {
    assertThatThrownBy(() -> GpuGeometry.of(8, List.of("5g.90gb", "7g.180gb")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5g.90gb");
    assertThatThrownBy(() -> GpuGeometry.of(4, List.of("3g.72gb", "4g.96gb")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GpuGeometry.of(8, List.of("half")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GpuGeometry.of(6, B200)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void neverReachesMoreThanSevenComputeSlicesWhateverTheMix() {
    assertThat(mostCompute(GpuGeometry.of(8, B200), 0xFF)).isEqualTo(7);
  }

  private static int mostCompute(GpuGeometry geometry, int free) {
    int best = 0;
    for (MigProfile profile : geometry.profiles()) {
      for (int start : profile.starts()) {
        int mask = ((1 << profile.bits()) - 1) << start;
        if ((free & mask) == mask) {
          best = Math.max(best, profile.computeSlices() + mostCompute(geometry, free & ~mask));
        }
      }
    }
    return best;
  }

  private static List<Integer> numbers(String text) {
    return List.of(text.split(" ")).stream().map(Integer::valueOf).toList();
  }

  @Test
  void anEmptyGpuTakesAsManyOfAProfileAsItsPositionsAllow() {
    for (GpuGeometry geometry : List.of(Fleets.B200, Fleets.RTX)) {
      for (MigProfile profile : geometry.profiles()) {
        assertThat(profile.mostPerGpu()).isEqualTo(geometry.table(profile).count(0xFF));
      }
    }
    assertThat(Fleets.B200.profile("1g.23gb").orElseThrow().mostPerGpu()).isEqualTo(7);
  }
}
