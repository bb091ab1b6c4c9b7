package dev.gpucloud.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A page below {@code docs/}. */
final class Page {
  private final StringBuilder text = new StringBuilder();

  Page(String title) {
    text.append("<!-- Made from the code by module docs; do not edit. -->\n# ").append(title);
    text.append("\n\n");
  }

  Page section(String title) {
    text.append("## ").append(title).append("\n\n");
    return this;
  }

  Page paragraph(String paragraph) {
    text.append(paragraph.strip()).append("\n\n");
    return this;
  }

  Page table(List<String> head, List<List<String>> rows) {
    row(head);
    row(head.stream().map(_ -> "---").toList());
    rows.forEach(this::row);
    text.append('\n');
    return this;
  }

  String text() {
    return text.toString().strip() + "\n";
  }

  /** Compares with the committed page, or writes it when told so. */
  void verify(String file) throws IOException {
    Path page = Project.root().resolve("docs").resolve(file);
    if (Boolean.getBoolean("gpucloud.docs.write")) {
      Files.writeString(page, text());
    }
    assertThat(page)
        .as("docs/%s; write it with ./mvnw -pl docs -am test -Dgpucloud.docs.write=true", file)
        .hasContent(text());
  }

  private void row(List<String> cells) {
    text.append("| ");
    text.append(String.join(" | ", cells.stream().map(cell -> cell.replace("|", "\\|")).toList()));
    text.append(" |\n");
  }
}
