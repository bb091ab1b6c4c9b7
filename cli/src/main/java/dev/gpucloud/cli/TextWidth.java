package dev.gpucloud.cli;

/** How many cells of a terminal a text takes: East Asian wide characters two, marks none. */
final class TextWidth {
  private static final int[][] WIDE = {
    {0x1100, 0x115f}, // leading Hangul letters
    {0x2e80, 0x303e}, // CJK radicals and punctuation
    {0x3041, 0xa4cf}, // kana, Hangul letters, ideographs, Yi
    {0xa960, 0xa97f}, // old Hangul letters
    {0xac00, 0xd7a3}, // Hangul syllables
    {0xf900, 0xfaff}, // compatibility ideographs
    {0xfe30, 0xfe6f}, // vertical and small forms
    {0xff00, 0xff60}, // fullwidth letters
    {0xffe0, 0xffe6}, // fullwidth signs, the won among them
    {0x1f300, 0x1f64f}, // pictures
    {0x1f680, 0x1f6ff}, // traffic
    {0x1f900, 0x1faff}, // more pictures
    {0x20000, 0x3fffd} // rare ideographs
  };

  /** Vowels and final letters join the leading letter before them into one syllable. */
  private static final int[][] JOINING = {{0x1160, 0x11ff}, {0xd7b0, 0xd7ff}};

  private TextWidth() {}

  /** Cells of a whole line. */
  static int of(String line) {
    return line.codePoints().map(TextWidth::of).sum();
  }

  private static int of(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> in(JOINING, codePoint) ? 0 : in(WIDE, codePoint) ? 2 : 1;
    };
  }

  private static boolean in(int[][] ranges, int codePoint) {
    for (int[] range : ranges) {
      if (codePoint >= range[0] && codePoint <= range[1]) {
        return true;
      }
    }
    return false;
  }
}
