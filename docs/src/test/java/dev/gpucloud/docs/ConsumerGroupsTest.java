package dev.gpucloud.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one channel goes through when consumers come and go must not hold up another. */
class ConsumerGroupsTest {
  private static final Pattern CHANNEL =
      Pattern.compile("mp\\.messaging\\.incoming\\.([a-z-]+)\\.topic");

  @ParameterizedTest
  @CsvSource({
    "service-kit,META-INF/microprofile-config.properties",
    "tenant-service,application.properties",
    "inventory-service,application.properties",
    "billing-service,application.properties"
  })
  void eachChannelHasAGroupOfItsOwn(String module, String file) {
    Properties settings = Project.properties(module, file);
    Set<String> channels =
        settings.stringPropertyNames().stream()
            .map(CHANNEL::matcher)
            .filter(Matcher::matches)
            .map(name -> name.group(1))
            .collect(Collectors.toSet());
    Set<String> groups =
        channels.stream()
            .map(name -> settings.getProperty("mp.messaging.incoming." + name + ".group.id"))
            .collect(Collectors.toSet());
    assertThat(channels).isNotEmpty();
    assertThat(groups)
        .hasSameSizeAs(channels)
        .allSatisfy(
            group ->
                assertThat(group)
                    .startsWith("${gpucloud.topics.prefix}${quarkus.application.name}"));
  }
}
