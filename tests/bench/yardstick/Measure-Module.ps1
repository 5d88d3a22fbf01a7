<#
.SYNOPSIS
Reads all devices with one of two modules, and writes as JSON what that took.
#>
param(
    [string] $Module,
    [string] $Connect,
    [string] $Get,
    [string] $Url,
    [string] $Key,
    [string] $SecretKey
)

$ErrorActionPreference = 'Stop'
Import-Module $Module
& $Connect -Url $Url -Key $Key -SecretKey $SecretKey
$process = [Diagnostics.Process]::GetCurrentProcess()
$cpu = $process.TotalProcessorTime
$watch = [Diagnostics.Stopwatch]::StartNew()
$devices = & $Get
$seconds = $watch.Elapsed.TotalSeconds
$process.Refresh()
@{
    Devices = @($devices).Count
    Seconds = $seconds
    CpuSeconds = ($process.TotalProcessorTime - $cpu).TotalSeconds
} | ConvertTo-Json -Compress
