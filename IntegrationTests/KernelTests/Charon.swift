import Glibc
import TestSupport
import Testing

/// strongSwan's daemon in the namespace of a test, with one connection that it rekeys all the time.
/// It ends when nobody needs it any more.
final class Charon: Sendable {
  /// Where it was unpacked; `nil` if it was not.
  static let tree: String? = {
    // Sound: nothing changes the environment of this process.
    unsafe getenv("XFRMCTL_STRONGSWAN").map { unsafe String(cString: $0) }
  }()

  static let isNeeded = ConditionTrait.enabled(
    if: tree != nil, "needs strongSwan, which IntegrationTests/beds/strongswan fetches from Debian")

  private let tool: PrivateTool
  private let folder = try? TemporaryFolder()
  private let process: pid_t

  /// Starts it.
  ///
  /// - Parameters:
  ///   - tool: Of the namespace that it is to be in.
  ///   - local: Its address, and the network behind it.
  ///   - remote: Those of the other end.
  ///   - selectors: What is behind a network in a traffic selector, here and there.
  init(
    in tool: PrivateTool, local: (address: String, network: String),
    remote: (address: String, network: String), selectors: (String, String)
  ) async throws {
    self.tool = tool
    let folder = try #require(folder)
    try folder.write(Array(Self.settings(folder.path).utf8), to: "strongswan.conf")
    let connection = """
      connections { c { local_addrs = \(local.address)
      remote_addrs = \(remote.address)
      version = 2
      local { auth = psk
      id = \(local.address) }
      remote { auth = psk
      id = \(remote.address) }
      children { c { local_ts = \(local.network)\(selectors.0)
      remote_ts = \(remote.network)\(selectors.1)
      rekey_time = 2s
      life_time = 30s
      rand_time = 0s
      esp_proposals = aes256-sha256 } } } }
      secrets { ike-c { secret = "of this test alone" } }

      """
    try folder.write(Array(connection.utf8), to: "swanctl.conf")
    let started = try await tool.shell(
      "\(Self.prelude) charon-systemd >\"$1/output\" 2>&1 </dev/null & echo $!",
      [folder.path, try #require(Self.tree)])
    process = try #require(pid_t(started.output.split(separator: "\n").first ?? ""))
    try await control("--load-all --file \(folder.file("swanctl.conf"))")
  }

  deinit { kill(process, SIGTERM) }

  /// That of the socket by which it asks the kernel for changes: the first of a process has its
  /// number.
  var port: UInt32 { UInt32(process) }

  /// Sets up the tunnel.
  func initiate() async throws { try await control("--initiate --child c") }

  /// What it wrote down.
  func log() throws -> [Substring] {
    String(decoding: try #require(folder).bytes("log"), as: UTF8.self).split(separator: "\n")
  }

  private func control(_ arguments: String) async throws {
    let folder = try #require(folder)
    let outcome = try await tool.shell(
      """
      for try in $(seq 100); do [ -S "$1/vici" ] && break; sleep 0.1; done
      \(Self.prelude) swanctl \(arguments) --uri "unix://$1/vici"
      """, [folder.path, try #require(Self.tree)])
    try #require(outcome.status == 0, "\(arguments): \(outcome.output)\(outcome.complaint)")
  }

  /// Runs a program with what was unpacked laid over /usr, which nobody else sees.
  private static let prelude =
    "STRONGSWAN_CONF=$1/strongswan.conf exec unshare --mount sh -c "
    + "'tree=$1; shift; mount -t overlay overlay -o \"lowerdir=$tree/usr:/usr\" /usr && exec \"$@\"'"
    + " sh \"$2\""

  private static func settings(_ folder: String) -> String {
    """
    charon-systemd {
      load = random nonce pem openssl aes sha1 sha2 hmac gmp kdf kernel-netlink socket-default vici
      filelog { log { path = \(folder)/log
      default = 1
      flush_line = yes
      } }
      plugins { vici { socket = unix://\(folder)/vici } }
    }

    """
  }
}
