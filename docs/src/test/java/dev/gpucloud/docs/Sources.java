package dev.gpucloud.docs;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Declarations with their Javadoc, read from source by the JDK's own parser. Nothing is compiled,
 * so that one module can document all others without depending on them.
 */
final class Sources {
  private Sources() {}

  /** A class, interface or record; {@code members} are an interface's methods or record's parts. */
  record Type(
      String name,
      boolean record,
      String text,
      Map<String, String> annotations,
      List<Member> members,
      List<Type> nested) {}

  /** A method without parameters or a record component. */
  record Member(String name, String type, String text, Map<String, String> annotations) {}

  static List<Type> parse(List<Path> files) {
    if (files.isEmpty()) {
      return List.of();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      DocTrees docs = DocTrees.instance(task);
      List<Type> types = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        for (Tree declared : unit.getTypeDecls()) {
          if (declared instanceof ClassTree type) {
            types.add(new Reader(docs, unit).type(new TreePath(new TreePath(unit), type), type));
          }
        }
      }
      return types;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Reader(DocTrees docs, CompilationUnitTree unit) {
    Type type(TreePath path, ClassTree tree) {
      boolean record = tree.getKind() == Tree.Kind.RECORD;
      List<Member> members = new ArrayList<>();
      List<Type> nested = new ArrayList<>();
      for (Tree member : tree.getMembers()) {
        TreePath at = new TreePath(path, member);
        switch (member) {
          case ClassTree inner -> nested.add(type(at, inner));
          case MethodTree method when !record && isAbstractGetter(tree, method) ->
              members.add(
                  new Member(
                      method.getName().toString(),
                      String.valueOf(method.getReturnType()),
                      text(at),
                      annotations(method.getModifiers())));
          case VariableTree part when record && isComponent(part) ->
              members.add(
                  new Member(
                      part.getName().toString(),
                      String.valueOf(part.getType()),
                      text(at),
                      annotations(part.getModifiers())));
          default -> {}
        }
      }
      return new Type(
          tree.getSimpleName().toString(),
          record,
          text(path),
          annotations(tree.getModifiers()),
          members,
          nested);
    }

    private static boolean isAbstractGetter(ClassTree owner, MethodTree method) {
      return owner.getKind() == Tree.Kind.INTERFACE
          && method.getBody() == null
          && method.getParameters().isEmpty();
    }

    private static boolean isComponent(VariableTree part) {
      return !part.getModifiers().getFlags().contains(Modifier.STATIC);
    }

    private String text(TreePath path) {
      return Optional.ofNullable(docs.getDocComment(path)).map(Sources::plain).orElse("");
    }

    private static Map<String, String> annotations(ModifiersTree modifiers) {
      Map<String, String> found = new LinkedHashMap<>();
      for (AnnotationTree annotation : modifiers.getAnnotations()) {
        String name = annotation.getAnnotationType().toString();
        found.put(name.substring(name.lastIndexOf('.') + 1), value(annotation));
      }
      return found;
    }

    private static String value(AnnotationTree annotation) {
      for (ExpressionTree argument : annotation.getArguments()) {
        ExpressionTree value =
            argument instanceof AssignmentTree named ? named.getExpression() : argument;
        if (value instanceof LiteralTree literal) {
          return String.valueOf(literal.getValue());
        }
      }
      return "";
    }
  }

  private static String plain(String javadoc) {
    return javadoc
        .replaceAll("(?s)\\n\\s*@\\w+.*", "")
        .replaceAll("\\{@(?:code|literal)\\s+([^}]*)}", "`$1`")
        .replaceAll("\\{@link(?:plain)?\\s+#?(\\w+)}", "`$1`")
        .replaceAll("\\{@link(?:plain)?\\s+(\\w+)#(\\w+)[^}]*}", "`$1.$2`")
        .replaceAll("<[^>]+>", " ")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
