package dev.gpucloud.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whole sentences in another language. A sentence is found by its English text, in which {@code %s}
 * stands for what it names; of several that fit, the one with the most words of its own is taken.
 * What has no translation stays English.
 */
final class Sentences {
  private final Map<String, String> words;
  private final List<Form> forms;

  Sentences(Map<String, String> words) {
    this.words = words;
    this.forms =
        words.entrySet().stream()
            .filter(word -> word.getKey().contains("%s"))
            .map(word -> Form.of(word.getKey(), word.getValue()))
            .sorted(Comparator.comparingInt(Form::own).reversed())
            .toList();
  }

  /** The sentence, and what it names as far as that is a sentence too. */
  String of(String english) {
    String whole = words.get(english);
    if (whole != null) {
      return whole;
    }
    for (Form form : forms) {
      Optional<MatchResult> found = form.match(english);
      if (found.isPresent()) {
        return form.filled(found.get(), this);
      }
    }
    return english;
  }

  /**
   * A sentence with places.
   *
   * @param own how many letters are its own
   */
  private record Form(Pattern english, String translated, int own) {
    static Form of(String english, String translated) {
      var pattern = new StringBuilder();
      String[] parts = english.split("%s", -1);
      for (int i = 0; i < parts.length; i++) {
        pattern.append(i == 0 ? "" : "(.+?)").append(Pattern.quote(parts[i]));
      }
      return new Form(
          Pattern.compile(pattern.toString(), Pattern.DOTALL),
          translated,
          String.join("", parts).length());
    }

    Optional<MatchResult> match(String text) {
      Matcher matcher = english.matcher(text);
      return matcher.matches() ? Optional.of(matcher.toMatchResult()) : Optional.empty();
    }

    String filled(MatchResult found, Sentences language) {
      Object[] named = new Object[found.groupCount()];
      for (int i = 0; i < named.length; i++) {
        named[i] = language.of(found.group(i + 1));
      }
      return translated.formatted(named);
    }
  }
}
