package dev.gpucloud.benchmarks.peer;

import dev.gpucloud.devstack.client.PostgresAccess;
import dev.gpucloud.devstack.client.ServiceDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** Kill Bill's tables, made from the statements in the jars of its own war. */
final class KillBillDatabase {
  private static final String NAME = "killbill";
  private static final String FOR_POSTGRESQL = "org/killbill/billing/util/ddl-postgresql.sql";

  private KillBillDatabase() {}

  /**
   * A new database. What makes PostgreSQL look like MySQL takes a superuser; the tables belong to
   * the user by whom Kill Bill comes.
   */
  static ServiceDatabase create(PostgresAccess postgres, Path war)
      throws IOException, SQLException {
    ServiceDatabase database = postgres.createServiceDatabase(NAME, NAME);
    try (Connection connection = postgres.connect(NAME);
        Statement statement = connection.createStatement()) {
      for (String prelude : statements(war, FOR_POSTGRESQL::equals)) {
        statement.execute(prelude);
      }
      statement.execute("set role " + database.ownerUser());
      List<String> modules = statements(war, name -> name.endsWith("/ddl.sql"));
      for (String module : modules) {
        statement.execute(module);
      }
      System.err.printf("tables of %d modules created%n", modules.size());
    }
    return database;
  }

  private interface Wanted {
    boolean test(String entry);
  }

  private static List<String> statements(Path war, Wanted wanted) throws IOException {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(war.resolve("WEB-INF/lib"), "killbill-*.jar")) {
      for (Path path : jars) {
        try (JarFile jar = new JarFile(path.toFile())) {
          for (ZipEntry entry : jar.stream().filter(e -> wanted.test(e.getName())).toList()) {
            try (InputStream in = jar.getInputStream(entry)) {
              found.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
          }
        }
      }
    }
    if (found.isEmpty()) {
      throw new IOException("no statements in " + war);
    }
    return found;
  }
}
