package dev.gpucloud.devstack.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Brings the broker to what the setup file says: {@code principal.<name>=<password>}, {@code
 * acl.<n>=<principal>|<operation,...>|<TOPIC or GROUP>|<LITERAL or PREFIXED>|<name>} and {@code
 * topic.<name>=<partitions>|<cleanup policy>}. Adds what is missing and never takes anything away;
 * a setup that was applied before costs nothing.
 */
final class BrokerSetup {
  private final Properties server;
  private final Map<String, String> wanted = new TreeMap<>();

  BrokerSetup(Properties server, Properties setup) {
    this.server = server;
    setup.stringPropertyNames().forEach(name -> wanted.put(name, setup.getProperty(name)));
  }

  void apply() throws IOException, InterruptedException, ExecutionException {
    Path applied = Path.of(server.getProperty("log.dirs")).resolveSibling("setup.applied");
    String fingerprint = fingerprint();
    if (Files.exists(applied) && Files.readString(applied).equals(fingerprint)) {
      return;
    }
    try (Admin admin = Admin.create(clientConfig())) {
      principals(admin);
      acls(admin);
      topics(admin);
    }
    Files.writeString(applied, fingerprint);
  }

  private void principals(Admin admin) throws InterruptedException, ExecutionException {
    Set<String> known = new TreeSet<>(admin.describeUserScramCredentials().users().get());
    List<UserScramCredentialAlteration> missing = new ArrayList<>();
    each(
        "principal.",
        (name, password) -> {
          if (!known.contains(name)) {
            missing.add(
                new UserScramCredentialUpsertion(
                    name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password));
          }
        });
    if (!missing.isEmpty()) {
      admin.alterUserScramCredentials(missing).all().get();
    }
  }

  private void acls(Admin admin) throws InterruptedException, ExecutionException {
    List<AclBinding> bindings = new ArrayList<>();
    each("acl.", (n, line) -> bindings.addAll(parse(line)));
    if (!bindings.isEmpty()) {
      admin.createAcls(bindings).all().get();
    }
  }

  private void topics(Admin admin) throws InterruptedException, ExecutionException {
    Set<String> known = admin.listTopics().names().get();
    List<NewTopic> missing = new ArrayList<>();
    each(
        "topic.",
        (name, line) -> {
          if (!known.contains(name)) {
            missing.add(topic(name, line));
          }
        });
    if (!missing.isEmpty()) {
      admin.createTopics(missing).all().get();
    }
  }

  private static NewTopic topic(String name, String line) {
    String[] part = line.split("\\|");
    Map<String, String> configs = new TreeMap<>();
    for (int i = 1; i < part.length; i++) {
      configs.put(
          part[i].substring(0, part[i].indexOf('=')), part[i].substring(part[i].indexOf('=') + 1));
    }
    return new NewTopic(name, Optional.of(Integer.parseInt(part[0])), Optional.of((short) 1))
        .configs(configs);
  }

  private void each(String prefix, BiConsumer<String, String> action) {
    wanted.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            action.accept(name.substring(prefix.length()), value);
          }
        });
  }

  private static List<AclBinding> parse(String line) {
    String[] part = line.split("\\|");
    ResourcePattern pattern =
        new ResourcePattern(ResourceType.valueOf(part[2]), part[4], PatternType.valueOf(part[3]));
    List<AclBinding> bindings = new ArrayList<>();
    for (String operation : part[1].split(",")) {
      bindings.add(
          new AclBinding(
              pattern,
              new AccessControlEntry(
                  "User:" + part[0],
                  "*",
                  AclOperation.valueOf(operation),
                  AclPermissionType.ALLOW)));
    }
    return bindings;
  }

  private Map<String, Object> clientConfig() {
    String listener = server.getProperty("advertised.listeners");
    return Map.of(
        "bootstrap.servers",
        listener.substring(listener.indexOf("//") + 2),
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "SCRAM-SHA-512",
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"admin\" password=\""
            + wanted.get("principal.admin")
            + "\";");
  }

  private String fingerprint() {
    try {
      byte[] text = wanted.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
