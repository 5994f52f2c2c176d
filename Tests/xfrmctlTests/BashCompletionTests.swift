import Glibc
import TestSupport
import Testing

/// The function that bash calls on TAB, in namespaces that end with the script.
@Suite(
  "Completion in bash",
  .enabled(if: geteuid() == 0, "needs root for network namespaces"),
  .enabled(if: unsafe access("/usr/sbin/ip", X_OK) == 0, "needs iproute2"),
  .enabled(if: unsafe access("/usr/bin/bash", X_OK) == 0, "needs bash"))
struct BashCompletionTests {
  /// Two namespaces, of which one has SAs without keys and a policy.
  private static let setUp = """
    mount -t tmpfs run /run
    ip netns add blue && ip netns add red
    xfrmctl state allocspi -n blue src 192.0.2.1 dst 192.0.2.2 proto esp min 0x1234 max 0x1234 reqid 77
    xfrmctl state allocspi -n blue src 192.0.2.1 dst 192.0.2.3 proto esp min 0x1235 max 0x1235
    xfrmctl policy add -n blue dir out index 9 tmpl proto esp reqid 78
    """

  /// Does with its arguments, the words, what bash does with those of a line.
  private static let press = """
    source <(xfrmctl --generate-completion-script bash)
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
    _xfrmctl xfrmctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\\n' "${COMPREPLY[@]}"
    """

  /// The words that bash is given, joined by commas.
  private func completed(_ line: String) async throws -> String {
    let script = """
      export PATH="${XFRMCTL%/*}:$PATH"
      exec unshare --net --mount bash -c '
        set -e; { eval "$1"; } >/dev/null; press=$2; shift 2; set +e; eval "$press"' bash "$@"
      """
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let outcome = try await Shell.run(script, [Self.setUp, Self.press] + words)
    #expect(outcome.complaint == "")
    return outcome.output.split(separator: "\n").sorted().joined(separator: ",")
  }

  @Test(
    "offers",
    arguments: [
      ("xfrmctl mon", "monitor"), ("xfrmctl policy set", "set,setdefault"),
      ("xfrmctl state add src 192.0.2.1 dst 192.0.2.2 proto ", "ah,comp,esp,hao,ipsec-any,route2"),
      ("xfrmctl state add proto esp spi 1 aead rfc41", "rfc4106(gcm(aes))"),
      ("xfrmctl state add proto esp mode b", "beet"), ("xfrmctl state list dev", ""),
      ("xfrmctl policy list dev ", "lo,none"), ("xfrmctl policy list -n ", "blue,red"),
      ("xfrmctl state list --netns r", "red"), ("xfrmctl ip -n b", "blue"),
    ])
  func words(line: String, expected: String) async throws {
    #expect(try await completed(line) == expected)
  }

  @Test(
    "offers what there is in the namespace that the line names",
    arguments: [
      ("xfrmctl state get -n blue proto esp spi ", "0x00001234,0x00001235"),
      ("xfrmctl state get dst 192.0.2.3 proto esp --netns blue spi ", "0x00001235"),
      ("xfrmctl state list -n blue reqid ", "77,78"),
      ("xfrmctl policy get -n blue dir out index ", "9"),
      ("xfrmctl ip -n blue xfrm state get dst 192.0.2.2 proto esp spi ", "0x00001234"),
      ("xfrmctl state get -n red proto esp spi ", ""), ("xfrmctl state get proto esp spi ", ""),
      ("xfrmctl state get -n no-such proto esp spi ", ""),
    ])
  func namespaces(line: String, expected: String) async throws {
    #expect(try await completed(line) == expected)
  }
}
