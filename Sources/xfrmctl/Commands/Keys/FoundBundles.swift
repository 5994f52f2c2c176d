import XFRMConfig

/// The bundles of a directory, and what is wrong with others.
struct FoundBundles {
  var bundles: [KeyBundleFile] = []
  var problems: [StoreProblem] = []

  /// - Parameter connection: Whose; those of all if `nil`.
  init(_ directory: KeyDirectory, of connection: String? = nil) throws(Failure) {
    let generations: [String: [UInt32]]
    do throws(StoreProblem) {
      generations = try directory.generations()
    } catch {
      throw Failure(error)
    }
    for (name, numbers) in generations.sorted(by: { $0.key < $1.key })
    where connection == nil || connection == name {
      for number in numbers {
        do throws(StoreProblem) {
          bundles.append(try directory.bundle(of: name, generation: number))
        } catch {
          problems.append(error)
        }
      }
    }
  }

  /// Tells of what is wrong.
  func complain() throws {
    for problem in problems { Terminal.complain(problem.description) }
    if let first = problems.first { throw Failure(first).status.code }
  }
}
