import Glibc
import TestSupport
import Testing

/// Extras/ip in the place of `ip`, in namespaces that end with the script.
@Suite(
  "The shim",
  .enabled(if: geteuid() == 0, "needs root for network namespaces"),
  .enabled(if: unsafe access("/usr/sbin/ip", X_OK) == 0, "needs iproute2"))
struct ShimTests {
  private static let folder = #filePath.replacing(#/Tests/xfrmctlTests/[^/]*$/#, with: "Extras")

  private func run(_ script: String, input: String = "") async throws -> Tool.Outcome {
    // A /run of its own, as named namespaces are files there.
    try await Shell.run(
      "exec unshare --net --mount sh -c 'mount -t tmpfs run /run && eval \"$1\"' sh \"$1\"",
      [script], path: [Self.folder], input: input)
  }

  /// Begins the usage that xfrmctl tells.
  private static let usage = "Usage: ip xfrm state add | update"

  @Test("xfrm is xfrmctl's")
  func xfrm() async throws {
    #expect(try await run("ip xfrm state help").complaint.hasPrefix(Self.usage))
    #expect(try await run("/usr/sbin/ip xfrm state help").complaint.hasPrefix("Usage: "))
    #expect(try await !run("/usr/sbin/ip xfrm state help").complaint.hasPrefix(Self.usage))
    let outcome = try await run("ip xfrm policy add dir in && ip -o x p")
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix(#"src 0.0.0.0/0 dst 0.0.0.0/0 \"#))
  }

  @Test("all else is iproute2's", arguments: ["ip -o link", "ip -V", "ip", "ip -h", "ip nonsense"])
  func others(_ command: String) async throws {
    let ours = try await run(command)
    let theirs = try await run("/usr/sbin/" + command)
    #expect(ours.status == theirs.status)
    #expect(ours.output == theirs.output)
    #expect(ours.complaint == theirs.complaint)
    #expect(!(ours.output + ours.complaint).isEmpty)
  }

  @Test("a batch about xfrm is xfrmctl's, which goes on after a list")
  func batch() async throws {
    let outcome = try await run(
      "ip -batch - && /usr/sbin/ip xfrm policy count",
      input: "xfrm policy add dir in\nx p ls\nxfrm policy add dir out\n")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("SPD IN  1 OUT 1 FWD 0"))
  }

  @Test(
    "a batch with anything else is iproute2's, wherever it comes from",
    arguments: ["ip -batch -", "ip -b /dev/stdin", "cat >/run/b && ip -b /run/b"])
  func mixedBatch(_ command: String) async throws {
    // Larger than a pipe.
    let comment = String(repeating: "# a comment\n", count: 10_000)
    let outcome = try await run(
      "\(command) && ip xfrm policy count",
      input: "xfrm policy add dir in\n\(comment)link set lo up\nlink show lo\n")
    #expect(outcome.status == 0, "\(outcome.complaint)")
    #expect(outcome.output.contains("1: lo: <LOOPBACK,UP"))
    #expect(outcome.output.contains("SPD IN  1 OUT 0 FWD 0"))
  }

  @Test("words that are no text are passed on as they are, and never become a key")
  func bytes() async throws {
    // Latin-1.
    let name = "\"$(printf 'Gr\\374n')\""
    let outcome = try await run(
      "ip link set lo alias \(name) && /usr/sbin/ip link show lo | od -An -c | tr -d ' \\n'")
    #expect(outcome.output.contains("aliasGr374n"), "\(outcome)")
    let refused = try await run("ip xfrm state add dst 10.0.0.2 proto esp spi 1 enc aes \(name)")
    #expect(refused.status == 255)
    #expect(refused.complaint == "Error: a word is no UTF-8\n")
  }

  @Test("iproute2 finds it for netns exec")
  func namespaces() async throws {
    let outcome = try await run(
      """
      ip netns add blue && ip netns exec blue ip xfrm policy add dir fwd &&
      ip -n blue xfrm policy count && ip xfrm policy count && ip netns exec blue ip xfrm state help
      """)
    #expect(outcome.output == "\t SPD IN  0 OUT 0 FWD 1\n\t SPD IN  0 OUT 0 FWD 0\n")
    #expect(outcome.complaint.hasPrefix(Self.usage))
  }

  @Test("another ip may be named; itself it never takes for one")
  func realIP() async throws {
    #expect(try await run("XFRMCTL_REAL_IP=/bin/echo ip -o link").output == "-o link\n")
    let outcome = try await run("XFRMCTL_REAL_IP=$(command -v ip) ip -o link show lo")
    #expect(outcome.output.hasPrefix("1: lo: "))
  }
}
