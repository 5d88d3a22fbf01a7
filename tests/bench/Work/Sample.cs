namespace DattoRMM.Bench.Work;

/// <summary>What one run took.</summary>
/// <param name="Seconds">From the call to its end.</param>
/// <param name="FirstSeconds">From the call to the first object on the pipeline.</param>
/// <param name="CpuSeconds">CPU time of all threads of the process between call and end, kernel included.</param>
internal sealed record Sample(double Seconds, double FirstSeconds, double CpuSeconds);
