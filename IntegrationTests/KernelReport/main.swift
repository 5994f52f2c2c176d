import FoundationEssentials
import Glibc

// KernelReport FOLDER RESULTS...: makes matrix.md and matrix.html in FOLDER of the beds' results.
let arguments = CommandLine.arguments.dropFirst()
guard let folder = arguments.first, arguments.count > 1 else {
  try Data("Usage: KernelReport FOLDER RESULTS...\n".utf8).write(to: URL(filePath: "/dev/stderr"))
  exit(64)
}
let results = try arguments.dropFirst().flatMap { path in
  let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  return try text.split(separator: "\n").map {
    try JSONDecoder().decode(CaseResult.self, from: Data($0.utf8))
  }
}
let report = MatrixReport(results)
try Data(report.markdown.utf8).write(to: URL(filePath: "\(folder)/matrix.md"))
try Data(report.html.utf8).write(to: URL(filePath: "\(folder)/matrix.html"))
print(report.summary)
