package dev.gpucloud.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Which columns of a table are shown and how wide, so that it is no wider than its terminal. Only
 * text with spaces is broken; an id or a number stays in one piece.
 */
final class TableLayout {
  private static final int GAP = 2;

  private final List<Boolean> numbers;
  private final int[] widths;
  private final int[] words;
  private final List<Integer> shown = new ArrayList<>();
  private final List<Integer> leftOut = new ArrayList<>();

  private TableLayout(List<Boolean> numbers, List<List<String>> rows) {
    this.numbers = numbers;
    this.widths = new int[numbers.size()];
    this.words = new int[numbers.size()];
    for (int column = 0; column < widths.length; column++) {
      shown.add(column);
      for (List<String> row : rows) {
        for (String line : row.get(column).split("\n")) {
          widths[column] = Math.max(widths[column], TextWidth.of(line));
          for (String word : line.split(" ")) {
            words[column] = Math.max(words[column], TextWidth.of(word));
          }
        }
      }
    }
  }

  /**
   * The layout of rows in a room.
   *
   * @param numbers which columns stand to the right
   * @param room cells of a line, 0 for as many as it takes
   */
  static TableLayout of(List<Boolean> numbers, List<List<String>> rows, int room) {
    TableLayout layout = new TableLayout(numbers, rows);
    if (room > 0) {
      layout.leaveOut(room);
      layout.narrow(room);
    }
    return layout;
  }

  /** Columns by their place. */
  List<Integer> shown() {
    return shown;
  }

  /** Columns that have no room, first to last. */
  List<Integer> leftOut() {
    return leftOut;
  }

  int width(int column) {
    return widths[column];
  }

  /** A value as the lines it takes in its column. */
  List<String> lines(int column, String value) {
    List<String> lines = new ArrayList<>();
    for (String line : value.split("\n", -1)) {
      if (TextWidth.of(line) <= widths[column]) {
        lines.add(line);
      } else {
        broken(line, widths[column], lines);
      }
    }
    return lines;
  }

  private static void broken(String line, int width, List<String> lines) {
    StringBuilder now = new StringBuilder();
    for (String word : line.split(" ")) {
      if (!now.isEmpty() && TextWidth.of(now + " " + word) > width) {
        lines.add(now.toString());
        now.setLength(0);
      }
      now.append(now.isEmpty() ? "" : " ").append(word);
    }
    lines.add(now.toString());
  }

  /** Leaves out from the right what has no room even with all text broken. */
  private void leaveOut(int room) {
    while (total(this::narrowest) > room && shown.size() > 2) {
      leftOut.addFirst(shown.remove(shown.size() - 2));
    }
  }

  /** Breaks the widest text until all fits. */
  private void narrow(int room) {
    int over = total(column -> widths[column]) - room;
    while (over > 0) {
      int widest =
          shown.stream()
              .filter(column -> widths[column] > narrowest(column))
              .max((a, b) -> Integer.compare(widths[a], widths[b]))
              .orElse(-1);
      if (widest < 0) {
        return;
      }
      widths[widest]--;
      over--;
    }
  }

  private int narrowest(int column) {
    return numbers.get(column) ? widths[column] : words[column];
  }

  private int total(IntUnaryOperator width) {
    return shown.stream().mapToInt(width::applyAsInt).sum() + GAP * (shown.size() - 1);
  }
}
