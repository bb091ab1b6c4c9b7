# Sourced by mvnw, gpucloud and the benchmarks: finds a JDK 25 or newer and exports its JAVA_HOME, or ends the script.
# A JAVA_HOME that is set is taken as it is. Else it looks at the default java first, then where Linux distributions,
# SDKMAN and IDEs install JDKs.
# What a JDK writes beside itself is read in no time; one that does not is asked.
jdk_version() {
  version=
  jdk_java=$(command -v "$1" 2>/dev/null) && jdk_java=$(readlink -f "$jdk_java" 2>/dev/null) || jdk_java=
  if [ -n "$jdk_java" ] && [ -r "${jdk_java%/bin/java}/release" ]; then
    while IFS='=' read -r jdk_key jdk_value; do
      if [ "$jdk_key" = JAVA_VERSION ]; then
        version=${jdk_value#?}
        version=${version%%[!0-9]*}
      fi
    done <"${jdk_java%/bin/java}/release"
  elif [ -n "$jdk_java" ]; then
    version=$("$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p') || version=
  fi
  case "$version" in '' | 1.* | *[!0-9]*) major=0 ;; *) major=$version ;; esac
}

jdk_version "${JAVA_HOME:+$JAVA_HOME/bin/}java"
jdk_seen=$version
if [ "$major" -lt 25 ] && [ -z "${JAVA_HOME-}" ]; then
  for jdk in /usr/lib/jvm/*25* "${HOME-}"/.sdkman/candidates/java/25* "${HOME-}"/.jdks/*25*; do
    if [ -x "$jdk/bin/javac" ]; then
      jdk_version "$jdk/bin/java"
      if [ "$major" -ge 25 ]; then
        JAVA_HOME=$jdk
        break
      fi
    fi
  done
fi
if [ "$major" -lt 25 ]; then
  if [ -n "${JAVA_HOME-}" ]; then
    jdk_seen="JAVA_HOME points at ${jdk_seen:+Java $jdk_seen in }$JAVA_HOME"
  else
    jdk_seen="only ${jdk_seen:+Java }${jdk_seen:-no Java at all} was found"
  fi
  cat >&2 <<MESSAGE
error: this needs JDK 25 or newer, and $jdk_seen.
Install one (for example Eclipse Temurin 25 from https://adoptium.net), or point JAVA_HOME at one:
  JAVA_HOME=/path/to/jdk-25 $0 ...
MESSAGE
  exit 10
fi
[ -z "${JAVA_HOME-}" ] || export JAVA_HOME
unset version major jdk jdk_seen jdk_java jdk_key jdk_value
