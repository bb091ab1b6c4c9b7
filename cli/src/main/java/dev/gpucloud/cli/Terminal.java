package dev.gpucloud.cli;

import dev.gpucloud.contracts.problem.ProblemLanguage;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a command writes and asks: results to {@code out}, everything else to {@code err}. Colour
 * and movement only when a person watches.
 */
public final class Terminal {
  private final PrintWriter out;
  private final PrintWriter err;
  private final Reader in;
  private final boolean interactive;
  private final boolean coloured;
  private final Translation translation;
  private final IntSupplier width;

  public Terminal(
      PrintWriter out, PrintWriter err, Reader in, boolean interactive, boolean coloured) {
    this(out, err, in, interactive, coloured, Translation.ENGLISH, () -> 0);
  }

  private Terminal(
      PrintWriter out,
      PrintWriter err,
      Reader in,
      boolean interactive,
      boolean coloured,
      Translation translation,
      IntSupplier width) {
    this.width = width;
    this.translation = translation;
    this.out = out;
    this.err = err;
    this.in = in;
    this.interactive = interactive;
    this.coloured = coloured;
  }

  /** The process's own terminal; NO_COLOR and TERM=dumb turn colours off. */
  @SuppressWarnings("SystemOut")
  public static Terminal system(Map<String, String> env) {
    Console console = System.console();
    boolean interactive = console != null && console.isTerminal();
    boolean coloured =
        interactive
            && env.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(env.get("TERM"));
    return new Terminal(
        new PrintWriter(System.out, false, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        new InputStreamReader(System.in, Charset.defaultCharset()),
        interactive,
        coloured,
        Translation.ENGLISH,
        interactive ? new TerminalWidth(env) : () -> 0);
  }

  /** The same terminal in a language. */
  Terminal in(Translation language) {
    return new Terminal(out, err, in, interactive, coloured, language, width);
  }

  /** The same, that many cells wide. */
  Terminal within(int cells) {
    return new Terminal(out, err, in, interactive, coloured, translation, () -> cells);
  }

  /** Cells of a line, 0 where nobody watches and a line may be as long as it is. */
  int width() {
    return width.getAsInt();
  }

  /** The text in the language of whoever reads it. */
  public String text(String english) {
    return translation.text(english);
  }

  /** A sentence, a refusal above all, in the language of whoever reads it. */
  public String sentence(String english) {
    return translation.sentence(english);
  }

  /** The language of whoever reads it. */
  ProblemLanguage language() {
    return translation.language();
  }

  /** Results. */
  public PrintWriter out() {
    return out;
  }

  /** Messages, progress and errors. */
  public PrintWriter err() {
    return err;
  }

  /** Whether a person watches and may be asked. */
  public boolean isInteractive() {
    return interactive;
  }

  /** Whether to send colour codes. */
  public boolean isColoured() {
    return coloured;
  }

  /** The text in a style, or as it is without colours. */
  public String styled(Style style, String text) {
    return coloured && !text.isEmpty() ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
  }

  /** Asks for a secret without showing it. */
  @Nullable String readSecret(String prompt) {
    Console console = System.console();
    if (!interactive || console == null) {
      return null;
    }
    char[] typed = console.readPassword("%s", prompt);
    return typed == null ? null : new String(typed);
  }

  /** The first line of standard input, or null when there is none. */
  @Nullable String readLine() {
    try {
      return new BufferedReader(in).readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a piece of text means to the reader. */
  public enum Style {
    /** Headings. */
    BOLD("1"),
    /** Less important. */
    DIM("2"),
    /** Good. */
    GREEN("32"),
    /** Changing. */
    YELLOW("33"),
    /** Bad. */
    RED("31");

    private final String code;

    Style(String code) {
      this.code = code;
    }
  }
}
