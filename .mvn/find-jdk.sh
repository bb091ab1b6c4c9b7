# Sourced by mvnw and gpucloud: exports JAVA_HOME of a JDK 25 or newer unless JAVA_HOME is already set.
# Looks at the default java first, then where Linux distributions, SDKMAN and IDEs install JDKs.
if [ -z "${JAVA_HOME-}" ]; then
  found=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
  case "$found" in '' | 1.* | *[!0-9]*) found=0 ;; esac
  if [ "$found" -lt 25 ]; then
    for jdk in /usr/lib/jvm/*25* "${HOME-}"/.sdkman/candidates/java/25* "${HOME-}"/.jdks/*25*; do
      if [ -x "$jdk/bin/javac" ]; then
        JAVA_HOME=$jdk
        export JAVA_HOME
        break
      fi
    done
  fi
  unset found jdk
fi
