import FoundationEssentials
import Glibc
import XFRMKit
import XFRMLab

/// Both engines, on one machine and in one run.
@main
struct Comparison: Encodable {
  var version = 1
  var kernel: String
  var processors: Int
  var cipher = "aes256gcm16"
  var engines: [Measurement]

  /// `libipsec-bench TREE FOLDER SECONDS`
  static func main() {
    do {
      let words = CommandLine.arguments
      guard words.count == 4, let seconds = Int(words[3]), seconds > 0 else {
        throw Problem("usage: libipsec-bench TREE FOLDER SECONDS")
      }
      let machine = BenchMachine.current
      let comparison = Comparison(
        kernel: machine.kernel, processors: machine.processors,
        engines: try Engine.allCases.map { try Measurement($0, tree: words[1], seconds: seconds) })
      try comparison.write(to: words[2])
      print(comparison.text)
    } catch {
      print("libipsec-bench: \(error)")
      exit(1)
    }
  }

  private func write(to folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: URL(filePath: "\(folder)/libipsec.json"))
    try Data(chart.svg.utf8).write(to: URL(filePath: "\(folder)/libipsec.svg"))
  }

  private var text: String {
    var lines = ["Linux \(kernel), processors: \(processors), \(cipher) in UDP, all on one machine"]
    for engine in engines {
      lines.append("\(engine.engine): TCP \(Self.mega(engine.tcpBitsPerSecond)) Mbit/s")
      for load in engine.lengths {
        lines.append(
          "  \(load.packetBytes) bytes: \(load.deliveredPerSecond) packets/s, "
            + "\(Self.mega(load.bitsPerSecond)) Mbit/s")
      }
      for load in engine.rates {
        lines.append(
          "  \(load.sentPerSecond)/s offered: \(load.deliveredPerSecond)/s delivered, "
            + "\(load.lostPermille) ‰ lost")
      }
      let memory = engine.memory.map(\.kilobytes)
      lines.append(
        "  memory of both daemons under overload: \(memory.first ?? 0) kB at first, "
          + "\(memory.last ?? 0) kB after \(engine.memory.last?.second ?? 0) s")
    }
    return lines.joined(separator: "\n")
  }

  /// With one digit behind the point.
  private static func mega(_ number: Int) -> String {
    let tenths = (number + 50_000) / 100_000
    return "\(tenths / 10).\(tenths % 10)"
  }

  private var chart: Chart {
    func series(
      _ points: (Measurement) -> [(x: Double, y: Double)]
    ) -> [Chart.Series] {
      engines.map { Chart.Series($0.engine, points($0)) }
    }
    return Chart(
      "ESP in the kernel and in charon (kernel-libipsec)",
      subtitle: "Linux \(kernel), \(processors) processor\(processors == 1 ? "" : "s"); "
        + "strongSwan, \(cipher) in UDP, all on one machine",
      [
        Chart.Panel(
          "Throughput: UDP, as much as goes", x: "bytes of a packet", y: "Mbit/s",
          series { $0.lengths.map { (Double($0.packetBytes), Double($0.bitsPerSecond) / 1e6) } }),
        Chart.Panel(
          "Under overload: packets of 512 bytes", x: "sent a second", y: "delivered a second",
          series {
            $0.rates.map { (Double($0.sentPerSecond), Double($0.deliveredPerSecond)) }
              .sorted { $0.0 < $1.0 }
          }),
        Chart.Panel(
          "Memory of both daemons under overload", x: "seconds", y: "MiB",
          series { $0.memory.map { (Double($0.second), Double($0.kilobytes) / 1024) } }),
      ])
  }
}
