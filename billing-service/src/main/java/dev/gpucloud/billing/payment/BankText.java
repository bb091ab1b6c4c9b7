package dev.gpucloud.billing.payment;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what Korean banks send: UTF-8, with or without a byte order mark, or EUC-KR as Windows
 * writes it (code page 949). The lines decide: a line that is valid UTF-8 with a character beyond
 * U+07FF is UTF-8, for the same bytes make no Korean words in the other; a line that is not valid
 * UTF-8 is EUC-KR. A file that mixes both is refused with its odd lines.
 */
final class BankText {
  private static final Charset EUC_KR = Charset.forName("x-windows-949");
  private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private enum Kind {
    PLAIN,
    UTF_8,
    EUC_KR,
    NEITHER
  }

  private BankText() {}

  /**
   * @param text empty when there are violations
   * @param violations by line, from 1
   */
  record Decoded(String text, Map<Integer, String> violations) {}

  /** Decodes a whole file, or says which lines cannot be. */
  static Decoded decode(byte[] content) {
    List<byte[]> lines = lines(withoutMark(content));
    List<Kind> kinds = lines.stream().map(BankText::kind).toList();
    Map<Integer, String> violations = new TreeMap<>();
    long utf = kinds.stream().filter(Kind.UTF_8::equals).count();
    long korean = kinds.stream().filter(Kind.EUC_KR::equals).count();
    Kind whole = korean > utf ? Kind.EUC_KR : Kind.UTF_8;
    for (int i = 0; i < kinds.size(); i++) {
      Kind kind = kinds.get(i);
      if (kind == Kind.NEITHER) {
        violations.put(i + 1, "is neither UTF-8 nor EUC-KR");
      } else if (kind != Kind.PLAIN && kind != whole) {
        violations.put(i + 1, "is %s, but the file is %s".formatted(name(kind), name(whole)));
      }
    }
    if (!violations.isEmpty()) {
      return new Decoded("", violations);
    }
    Charset charset = whole == Kind.EUC_KR ? EUC_KR : StandardCharsets.UTF_8;
    return new Decoded(new String(withoutMark(content), charset), Map.of());
  }

  private static String name(Kind kind) {
    return kind == Kind.EUC_KR ? "EUC-KR" : "UTF-8";
  }

  private static byte[] withoutMark(byte[] content) {
    boolean marked =
        content.length >= 3
            && content[0] == MARK[0]
            && content[1] == MARK[1]
            && content[2] == MARK[2];
    return marked ? java.util.Arrays.copyOfRange(content, 3, content.length) : content;
  }

  private static List<byte[]> lines(byte[] content) {
    List<byte[]> lines = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i <= content.length; i++) {
      if (i == content.length || content[i] == '\n') {
        lines.add(java.util.Arrays.copyOfRange(content, begin, i));
        begin = i + 1;
      }
    }
    return lines;
  }

  private static Kind kind(byte[] line) {
    boolean plain = true;
    for (byte b : line) {
      plain &= b >= 0;
    }
    if (plain) {
      return Kind.PLAIN;
    }
    @Nullable String utf = decoded(line, StandardCharsets.UTF_8);
    if (utf != null && utf.chars().anyMatch(c -> c > 0x7ff)) {
      return Kind.UTF_8;
    }
    if (decoded(line, EUC_KR) != null) {
      return Kind.EUC_KR;
    }
    return utf != null ? Kind.UTF_8 : Kind.NEITHER;
  }

  private static @Nullable String decoded(byte[] line, Charset charset) {
    try {
      return charset
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(line))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
