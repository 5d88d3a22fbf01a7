using DattoRMM.Bench.Report;

namespace DattoRMM.Bench.Cases;

/// <summary>Something to measure.</summary>
/// <param name="Name">What <c>--case</c> calls it.</param>
/// <param name="What">One line about it.</param>
/// <param name="Measure">Measures it so many times.</param>
/// <param name="Guards">
/// Whether it is part of the guard: short, and with goals that are relative to a limit of the same run.
/// </param>
internal sealed record Case(string Name, string What, Func<int, IEnumerable<Row>> Measure, bool Guards = false);
