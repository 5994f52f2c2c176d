/// Who has UDP ports of the caller's network namespace: `/proc/net/udp` and `/proc/net/udp6`.
struct UDPPorts: Sendable {
  /// A socket bound to a port.
  struct Socket: Hashable, Sendable {
    var port: UInt16
    /// The number of the socket's file.
    var inode: UInt64
    var owner: Owner = .unknown
  }

  enum Owner: Hashable, Sendable {
    case process(String, Int32)
    /// No process has it open: as WireGuard's, it is the kernel's own.
    case kernel
    /// Not every process shows its files to the caller.
    case unknown
  }

  /// The sockets at the ports that matter; `nil` if the kernel does not show them.
  var sockets: [Socket]?

  /// Those of IKE, of IKE and ESP behind NAT, and Algo's for WireGuard.
  static let ofInterest: Set<UInt16> = [500, 4500, 51820]
}

extension UDPPorts {
  /// - Parameter failures: Added to for each file that is there and cannot be read.
  init(_ tree: FileTree, failures: inout [FileError]) {
    for file in ["/proc/net/udp", "/proc/net/udp6"] {
      let text = failures.collect { () throws(FileError) in try tree.text(file) }
      if let text { sockets = (sockets ?? []) + Self.sockets(text) }
    }
    guard let sockets, !sockets.isEmpty else { return }
    let owners = SocketOwners(of: Set(sockets.map(\.inode)), tree)
    self.sockets = sockets.map { socket in
      var socket = socket
      socket.owner = owners[socket.inode]
      return socket
    }
  }

  /// Reads lines such as `  12: 00000000:01F4 00000000:0000 07 00000000:00000000 00:00000000
  /// 00000000     0        0 16392 2 ffff888003b7a000 0`.
  static func sockets(_ text: String) -> [Socket] {
    text.lines.compactMap { line in
      let words = line.words
      guard words.count > 9, let digits = words[1].split(separator: ":").last,
        let port = UInt16(digits, radix: 16), ofInterest.contains(port),
        let inode = UInt64(words[9])
      else { return nil }
      return Socket(port: port, inode: inode)
    }
  }
}

/// Which processes have sockets open.
private struct SocketOwners {
  private var owners: [UInt64: UDPPorts.Owner] = [:]
  private var sawAll: Bool

  subscript(inode: UInt64) -> UDPPorts.Owner { owners[inode] ?? (sawAll ? .kernel : .unknown) }

  init(of wanted: Set<UInt64>, _ tree: FileTree) {
    let processes = RunningProcesses(tree)
    sawAll = processes.isWholeMachine
    for (process, name) in processes.names.sorted(by: { $0.key < $1.key }) {
      let directory = "/proc/\(process)/fd"
      do throws(FileError) {
        for file in try tree.names(in: directory) ?? [] {
          guard let target = try tree.link("\(directory)/\(file)"), target.hasPrefix("socket:["),
            let inode = UInt64(target.dropFirst(8).dropLast()), wanted.contains(inode)
          else { continue }
          if owners[inode] == nil { owners[inode] = .process(name, process) }
        }
      } catch {
        sawAll = false
      }
    }
  }
}
