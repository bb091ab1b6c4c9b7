package dev.gpucloud.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.agent.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
  private static final List<String> SERVICES =
      List.of("tenant-service", "inventory-service", "billing-service", "gateway");
  private static final List<String> HEAD =
      List.of("environment variable", "type", "default", "meaning");

  @Test
  void theCommittedPageIsUpToDate() throws IOException {
    page().verify("configuration.md");
  }

  @Test
  void everySettingSaysWhatItMeans() {
    List<ConfigSetting> all = new ArrayList<>(ConfigSettings.ofModule("service-kit"));
    SERVICES.forEach(service -> all.addAll(ConfigSettings.ofModule(service)));

    assertThat(all).hasSizeGreaterThan(20);
    assertThat(all.stream().filter(setting -> setting.meaning().isBlank()))
        .extracting(ConfigSetting::property)
        .isEmpty();
  }

  @Test
  void readsNamesTypesAndDefaultsFromTheMappings() {
    assertThat(ConfigSettings.ofModule("service-kit"))
        .contains(
            new ConfigSetting(
                "gpucloud.outbox.poll-interval",
                "Duration",
                "PT0.25S",
                "Longest wait before the outbox is looked at again when nothing nudged the relay."))
        .anySatisfy(
            setting -> assertThat(setting.variable()).isEqualTo("GPUCLOUD_DB_OWNER_USERNAME"));
  }

  @Test
  void listsEveryVariableThatTheCommandLineReads() throws IOException {
    Pattern read = Pattern.compile("env\\(\\s*\"(GPUCLOUD_[A-Z_]+)\"\\s*,\\s*\"");
    Set<String> found = new TreeSet<>();
    for (Path source : Project.javaSources("cli")) {
      Matcher matcher = read.matcher(Files.readString(source));
      while (matcher.find()) {
        found.add("`" + matcher.group(1) + "`");
      }
    }
    assertThat(found).hasSizeGreaterThan(4);
    assertThat(StandardSettings.COMMAND_LINE.stream().map(List::getFirst)).containsAll(found);
  }

  private static Page page() {
    Page page =
        new Page("Configuration")
            .paragraph(
                """
                Everything is set by environment variables. Durations are ISO 8601 (`PT10S`), sizes take `K`, `M`, `G`.
                A service refuses to start when a required variable is missing or a value cannot be read; with
                `QUARKUS_PROFILE=prod` it also refuses settings that are fit for development only.
                """);
    page.section("Every process").table(HEAD, StandardSettings.EVERY_PROCESS);
    page.section("Every service")
        .paragraph("tenant-service, inventory-service and billing-service.")
        .table(HEAD, rows("service-kit").toList());
    page.section("Kafka")
        .paragraph("Every service, and the gateway for the stream of events.")
        .table(HEAD, StandardSettings.KAFKA);
    for (String service : SERVICES) {
      List<List<String>> own = rows(service).toList();
      if (!own.isEmpty()) {
        page.section(service).table(HEAD, own);
      }
    }
    page.section("site-agent")
        .paragraph("Reads the variables of every process, and these.")
        .table(HEAD, Arrays.stream(Setting.values()).map(ConfigurationPageTest::row).toList());
    page.section("Development stack").table(HEAD, StandardSettings.DEV_STACK);
    page.section("Command line").table(HEAD, StandardSettings.COMMAND_LINE);
    return page;
  }

  private static Stream<List<String>> rows(String module) {
    return ConfigSettings.ofModule(module).stream().map(ConfigurationPageTest::row);
  }

  private static List<String> row(ConfigSetting setting) {
    return List.of(code(setting.variable()), setting.type(), standard(setting), setting.meaning());
  }

  private static String standard(ConfigSetting setting) {
    boolean given = setting.standard().equals(ConfigSetting.REQUIRED) && eachServiceSets(setting);
    return given ? "set by each service" : value(setting.standard());
  }

  private static boolean eachServiceSets(ConfigSetting setting) {
    return SERVICES.stream()
        .filter(service -> Project.dependsOn(service, "service-kit"))
        .map(service -> Project.properties(service, "application.properties"))
        .filter(properties -> !properties.isEmpty())
        .allMatch(properties -> properties.containsKey(setting.property()));
  }

  private static List<String> row(Setting setting) {
    String standard = setting.standard();
    return List.of(
        code(setting.variable()),
        setting.type(),
        value(standard == null ? ConfigSetting.REQUIRED : standard),
        setting.description());
  }

  private static String value(String standard) {
    return standard.equals(ConfigSetting.REQUIRED) || standard.isEmpty()
        ? standard
        : code(standard);
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  @Test
  void defaultsOfTheKitAreThoseOfItsFile() {
    Properties file = Project.properties("service-kit", "META-INF/microprofile-config.properties");
    assertThat(ConfigSettings.ofModule("service-kit"))
        .filteredOn(setting -> setting.property().equals("gpucloud.db.host"))
        .extracting(ConfigSetting::standard)
        .containsExactly(file.getProperty("gpucloud.db.host"));
  }
}
