package dev.gpucloud.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpucloud.contracts.problem.ProblemLanguage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ResourceBundle;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The words of the command line in its user's language. The English text is the name of its
 * translation; what has none stays English.
 */
final class Translation {
  static final Translation ENGLISH =
      new Translation(ProblemLanguage.ENGLISH, Map.of(), new Sentences(Map.of()));

  private final ProblemLanguage language;
  private final Map<String, String> words;
  private final Sentences sentences;

  private Translation(ProblemLanguage language, Map<String, String> words, Sentences sentences) {
    this.language = language;
    this.words = words;
    this.sentences = sentences;
  }

  /** Korean when GPUCLOUD_LANG, else the locale, begins with {@code ko}. */
  static Translation of(CliContext context) {
    String language =
        Stream.of("GPUCLOUD_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
            .map(name -> context.env(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("en");
    return language.toLowerCase(Locale.ROOT).startsWith("ko") ? korean() : ENGLISH;
  }

  private static Translation korean() {
    return new Translation(
        ProblemLanguage.KOREAN, words("ko.yaml"), new Sentences(words("errors-ko.yaml")));
  }

  static Map<String, String> words(String name) {
    try (InputStream file = Translation.class.getResourceAsStream(name)) {
      Map<String, String> words = new HashMap<>();
      JsonNode all = Json.parseYaml(Objects.requireNonNull(file).readAllBytes());
      all.properties().forEach(word -> words.put(word.getKey(), word.getValue().asText()));
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What problems of the API are told in. */
  ProblemLanguage language() {
    return language;
  }

  /** A refusal, put together in English with what it names. */
  String sentence(String english) {
    return sentences.of(english);
  }

  String text(String english) {
    return words.getOrDefault(english, english);
  }

  /** Has a command and all below it explain themselves in this language. */
  void explain(CommandSpec command) {
    if (words.isEmpty()) {
      return;
    }
    Map<String, Object> texts = new HashMap<>();
    String name = command.qualifiedName(".") + ".";
    var usage = command.usageMessage();
    texts.put(name + "usage.synopsisHeading", text(usage.synopsisHeading()));
    texts.put(name + "usage.commandListHeading", text(usage.commandListHeading()));
    put(texts, name + "usage.description", usage.description());
    put(texts, name + "usage.footer", usage.footer());
    command.options().forEach(option -> put(texts, name + key(option), option.description()));
    command
        .positionalParameters()
        .forEach(value -> put(texts, name + key(value), value.description()));
    command.resourceBundle(new Texts(texts));
    command.subcommands().values().forEach(sub -> explain(sub.getCommandSpec()));
  }

  private static String key(OptionSpec option) {
    return described(option, option.longestName().replaceFirst("^-+", ""));
  }

  private static String key(PositionalParamSpec value) {
    return described(value, value.paramLabel() + "[" + value.index() + "]");
  }

  private static String described(ArgSpec argument, String otherwise) {
    String key = argument.descriptionKey();
    return key == null || key.isEmpty() ? otherwise : key;
  }

  private void put(Map<String, Object> texts, String key, String[] english) {
    for (int i = 0; i < english.length; i++) {
      texts.put(key + "." + i, text(english[i]));
    }
  }

  /** Help texts by the names under which picocli looks for them. */
  private static final class Texts extends ResourceBundle {
    private final Map<String, Object> texts;

    Texts(Map<String, Object> texts) {
      this.texts = texts;
    }

    @Override
    protected @Nullable Object handleGetObject(String key) {
      return texts.get(key);
    }

    @Override
    public Enumeration<String> getKeys() {
      return Collections.enumeration(texts.keySet());
    }
  }
}
