package dev.gpucloud.benchmarks.packing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The command as a user meets it: what it prints where, and how it refuses. */
class PackingCommandTest {
  private static final String NODES =
      """
      sn,cpu_milli,memory_mib,gpu,model
      a,32000,65536,2,T4
      b,64000,131072,4,A100
      c,16000,65536,2,T4
      """;
  private static final String PODS =
      """
      name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec
      p,4000,8192,1,500,
      q,8000,8192,1,1000,T4|A100
      r,16000,8192,2,1000,A100
      s,2000,1024,0,0,
      """;

  @TempDir Path folder;
  private Path nodes;
  private Path pods;

  private record Answer(int status, String out, String err) {}

  @BeforeEach
  void writeTrace() throws IOException {
    nodes = Files.writeString(folder.resolve("nodes.csv"), NODES);
    pods = Files.writeString(folder.resolve("pods.csv"), PODS);
  }

  private Answer run(String... options) {
    List<String> args = new ArrayList<>(List.of(nodes.toString(), pods.toString()));
    args.addAll(List.of(options));
    return runWith(args);
  }

  private static Answer runWith(List<String> args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = PackingCommand.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int status = line.execute(args.toArray(String[]::new));
    return new Answer(status, out.toString(), err.toString());
  }

  @Test
  void printsEveryRunOfEveryPolicyAndATableOfMeans() {
    Answer answer = run("--seeds", "2");
    assertThat(answer.status()).isZero();
    assertThat(answer.out().lines().findFirst())
        .hasValue("policy,seed,alloc_pct_at_100,alloc_pct_at_130,seconds");
    assertThat(answer.out().lines().skip(1).map(line -> line.replaceAll(",.*", "")))
        .containsExactly(
            "random",
            "random",
            "dot-product",
            "dot-product",
            "gpu-clustering",
            "gpu-clustering",
            "gpu-packing",
            "gpu-packing",
            "best-fit",
            "best-fit",
            "fgd",
            "fgd",
            "reach",
            "reach");
    assertThat(answer.out().lines().skip(1))
        .allMatch(line -> line.matches("[a-z-]+,4[23],\\d+\\.\\d{4},\\d+\\.\\d{4},\\d+\\.\\d{3}"));
    assertThat(answer.err().lines().map(String::length).distinct()).as("aligned").hasSize(1);
  }

  @Test
  void namesTheLastColumnAfterTheArrivals() {
    Answer answer = run("--seeds", "1", "--arrivals", "200", "--policies", "reach,fgd");
    assertThat(answer.out()).startsWith("policy,seed,alloc_pct_at_100,alloc_pct_at_200,seconds\n");
    assertThat(answer.out().lines()).hasSize(3);
  }

  @Test
  void decidesTheSameForTheSameSeed() {
    assertThat(withoutSeconds(run("--seeds", "3"))).isEqualTo(withoutSeconds(run("--seeds", "3")));
  }

  private static List<String> withoutSeconds(Answer answer) {
    return answer.out().lines().map(line -> line.replaceAll(",[^,]*$", "")).toList();
  }

  @Test
  void comparesWithPublishedMeansOfTheTrace() throws IOException {
    Path published =
        Files.writeString(
            folder.resolve("published.csv"),
            """
            trace,policy,alloc_pct_at_100,alloc_pct_at_130
            pods,fgd,50,51.5
            other,random,1,2
            """);
    Answer answer =
        run("--seeds", "1", "--policies", "fgd,reach", "--compare", published.toString());
    assertThat(answer.status()).isZero();
    assertThat(answer.err()).contains("published", "difference", "50.00", "51.50");
    assertThat(answer.err().lines().skip(2).findFirst().orElseThrow())
        .startsWith("reach")
        .contains(" - ");
  }

  @Test
  void drawsThePlotAsWellFormedSvg() throws Exception {
    Path plot = folder.resolve("plot.svg");
    assertThat(run("--seeds", "2", "--plot", plot.toString()).status()).isZero();
    var svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(plot.toFile());
    assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(7);
    assertThat(Files.readString(plot)).contains(">reach ");
  }

  @Test
  void takesColumnsInAnyOrderIgnoresOthersAndDoesWithoutModels() throws IOException {
    Files.writeString(
        nodes,
        "\uFEFFmore,gpu,memory_mib,cpu_milli\r\n\"x, y\",2,65536,32000\r\n\r\n,4,65536.0,32000\r\n");
    Files.writeString(
        pods, "gpu_milli,num_gpu,cpu_milli,memory_mib\n500,1,1000,1000\n,0,1000,1\n,2,1,1\n");
    Answer answer = run("--seeds", "1", "--policies", "best-fit");
    assertThat(answer.err()).doesNotContain("error");
    assertThat(answer.status()).isZero();
  }

  static Stream<Arguments> badPods() {
    return Stream.of(
        Arguments.of("", "the file is empty"),
        Arguments.of(
            "cpu_milli,memory_mib,num_gpu\n1,1,1\n",
            "line 1, column gpu_milli: the column is missing"),
        Arguments.of(
            "cpu_milli,memory_mib,num_gpu,gpu_milli\n", "there are no rows below the header"),
        Arguments.of(pod("-1,1,1,500"), "line 2, column cpu_milli: \"-1\" is negative"),
        Arguments.of(pod("1,1,9,1000"), "line 2, column num_gpu: \"9\" is more than 8"),
        Arguments.of(pod("NaN,1,1,500"), "line 2, column cpu_milli: \"NaN\" is not a whole number"),
        Arguments.of(pod("1,1,1,1001"), "line 2, column gpu_milli: \"1001\" is more than 1000"),
        Arguments.of(
            pod("1,1,1,0"), "line 2, column gpu_milli: one GPU takes a share of 1 to 1000"),
        Arguments.of(pod("1,1,2,500"), "line 2, column gpu_milli: several GPUs are taken whole"),
        Arguments.of(
            pod("1,many,1,500"), "line 2, column memory_mib: \"many\" is not a whole number"),
        Arguments.of(
            pod("1,1.5,1,500"), "line 2, column memory_mib: \"1.5\" is not a whole number"),
        Arguments.of(pod("1,,1,500"), "line 2, column memory_mib: \"\" is not a whole number"),
        Arguments.of(pod("99999999999999999999,1,1,500"), "is more than 2147483647"),
        Arguments.of(
            pod("1,1,1,500\n1,1,1"), "line 3, column 4: the header has 4 fields, this line 3"),
        Arguments.of(pod("1,1,0,0"), "column num_gpu: no request asks for a GPU"),
        Arguments.of(
            "cpu_milli,cpu_milli\n1,1\n", "line 1, column cpu_milli: the column is there twice"));
  }

  private static String pod(String row) {
    return "cpu_milli,memory_mib,num_gpu,gpu_milli\n" + row + "\n";
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("badPods")
  void refusesBadRequestsWithOneLineThatNamesThePlace(String content, String message)
      throws IOException {
    Files.writeString(pods, content);
    assertRefused(run(), "error: " + pods, message);
  }

  @Test
  void refusesBadHosts() throws IOException {
    Files.writeString(nodes, "sn,cpu_milli,memory_mib,gpu,model\na,1,1,9,T4\n");
    assertRefused(run(), nodes + ", line 2, column gpu: \"9\" is more than 8");
    Files.writeString(nodes, "sn,cpu_milli,memory_mib,gpu,model\na,1,1,0,T4\n");
    assertRefused(run(), nodes + ": column gpu: no host has a GPU");
    Files.writeString(nodes, "sn,cpu_milli,memory_mib,model\na,1,1,T4\n");
    assertRefused(run(), nodes + ", line 1, column gpu: the column is missing");
  }

  @Test
  void refusesFilesThatAreNotThereOrNotText() throws IOException {
    Files.delete(pods);
    assertRefused(run(), pods + ": there is no such file");
    Files.createDirectory(pods);
    assertRefused(run(), pods + ": this is a folder");
    Files.delete(pods);
    Files.write(pods, "a\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(run(), pods + ": the file is not UTF-8 text");
  }

  @Test
  void refusesOptionsThatMakeNoSense() {
    assertRefused(
        run("--policies", "fgd,best"), "--policies: unknown policy \"best\", there are random");
    assertRefused(run("--seeds", "0"), "--seeds is 0");
    assertRefused(run("--seeds", "x"), "--seeds");
    assertRefused(run("--arrivals", "99"), "--arrivals is 99");
    assertRefused(run("--nonsense"), "--nonsense");
    assertRefused(run("--plot", folder.resolve("no/where.svg").toString()), "where.svg");
    assertRefused(runWith(List.of(nodes.toString())), "PODS.csv");
  }

  @Test
  void refusesPublishedMeansOfOtherTraces() throws IOException {
    Path published =
        Files.writeString(
            folder.resolve("published.csv"),
            "trace,policy,alloc_pct_at_100,alloc_pct_at_130\nother,fgd,1,2\n");
    assertRefused(
        run("--compare", published.toString()),
        published + ": column trace: nothing on pods, only on other");
  }

  @Test
  void refusesATraceThatAsksForAlmostNothing() throws IOException {
    StringBuilder many = new StringBuilder(pod("1,1,1,1"));
    for (int i = 0; i < 1000; i++) {
      many.append("1,1,0,0\n");
    }
    Files.writeString(pods, many);
    assertRefused(run(), pods + ": column num_gpu: asks for so few GPUs");
  }

  private static void assertRefused(Answer answer, String... parts) {
    assertThat(answer.err()).contains(parts).startsWith("error: ");
    assertThat(answer.err().lines()).hasSize(1);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.status()).isEqualTo(2);
  }
}
