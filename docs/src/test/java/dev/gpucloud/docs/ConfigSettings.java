package dev.gpucloud.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of a module: the methods of its configuration mappings with their Javadoc, and the
 * variables that its own defaults refer to.
 */
final class ConfigSettings {
  private static final String KIT = "service-kit";
  private static final Pattern GENERIC = Pattern.compile("(Optional|List|Set)<(.*)>");
  private static final Pattern MAP = Pattern.compile("Map<\\s*\\w+\\s*,\\s*(.*)>");
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(gpucloud\\.[a-z.-]+):([^}]*)}");

  private final Properties defaults;
  private final Map<String, Sources.Type> types = new LinkedHashMap<>();
  private final List<ConfigSetting> settings = new ArrayList<>();

  private ConfigSettings(Properties defaults) {
    this.defaults = defaults;
  }

  static List<ConfigSetting> ofModule(String module) {
    Properties defaults = Project.properties(module, "META-INF/microprofile-config.properties");
    defaults.putAll(Project.properties(module, "application.properties"));
    ConfigSettings reader = new ConfigSettings(defaults);
    List<Sources.Type> declared = Sources.parse(Project.javaSources(module));
    declared.forEach(reader::index);
    declared.stream()
        .filter(type -> type.annotations().containsKey("ConfigMapping"))
        .forEach(type -> reader.group(type.annotations().get("ConfigMapping"), type));
    boolean onKit = Project.dependsOn(module, KIT) && !module.equals(KIT);
    reader.references(onKit ? ofModule(KIT) : List.of());
    return List.copyOf(reader.settings);
  }

  private void index(Sources.Type type) {
    types.putIfAbsent(type.name(), type);
    type.nested().forEach(this::index);
  }

  private void group(String prefix, Sources.Type type) {
    for (Sources.Member member : type.members()) {
      String name = member.annotations().getOrDefault("WithName", kebab(member.name()));
      boolean inParent = member.annotations().containsKey("WithParentName");
      member(inParent ? prefix : prefix + "." + name, member, bare(member.type()));
    }
  }

  private void member(String property, Sources.Member member, String type) {
    Matcher map = MAP.matcher(type);
    if (map.matches()) {
      member(property + ".<key>", member, bare(map.group(1)));
      return;
    }
    Matcher generic = GENERIC.matcher(type);
    String inner = generic.matches() ? bare(generic.group(2)) : type;
    Sources.Type nested = types.get(inner.substring(inner.lastIndexOf('.') + 1));
    if (nested != null && !nested.members().isEmpty() && !nested.record()) {
      group(property, nested);
      return;
    }
    boolean optional = generic.matches() && generic.group(1).equals("Optional");
    settings.add(
        new ConfigSetting(
            property,
            generic.matches() ? inner : type,
            standard(property, member, optional),
            member.text()));
  }

  private String standard(String property, Sources.Member member, boolean optional) {
    String own = defaults.getProperty(property);
    if (own != null && !own.isBlank()) {
      return own;
    }
    String declared = member.annotations().get("WithDefault");
    if (declared != null) {
      return declared;
    }
    return optional || own != null ? "" : ConfigSetting.REQUIRED;
  }

  /** Variables that only a default refers to, as {@code ${gpucloud.other.url:http://...}}. */
  private void references(List<ConfigSetting> shared) {
    List<ConfigSetting> known = new ArrayList<>(settings);
    known.addAll(shared);
    Map<String, ConfigSetting> found = new TreeMap<>();
    for (String property :
        new TreeMap<>(defaults).keySet().stream().map(String::valueOf).toList()) {
      Matcher matcher = EXPRESSION.matcher(defaults.getProperty(property));
      while (matcher.find()) {
        String name = matcher.group(1);
        if (known.stream().noneMatch(setting -> setting.property().equals(name))) {
          found.putIfAbsent(
              name,
              new ConfigSetting(
                  name, "String", matcher.group(2), "Default of `" + property + "`."));
        }
      }
    }
    settings.addAll(found.values());
  }

  private static String bare(String type) {
    return type.replaceAll("@\\w+(\\([^)]*\\))?\\s*", "").strip();
  }

  private static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT);
  }
}
