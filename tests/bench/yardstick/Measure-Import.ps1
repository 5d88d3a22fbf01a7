# Imports a module in a console that has run one pipeline, and writes the milliseconds that it took.
param([string] $Module)

$ErrorActionPreference = 'Stop'
1 | Out-Null
$watch = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
ConvertTo-Json $watch.Elapsed.TotalMilliseconds
